using Npgsql;

namespace Orders.Query.Owned;

/// <summary>
/// Passes ids to Postgres as an array of merchants and one of ids, for <c>unnest($1, $2)</c>.
/// </summary>
internal static class OwnedIdParameters
{
    /// <summary>Adds the two arrays as the next parameters.</summary>
    /// <param name="parameters">The command's.</param>
    /// <param name="ids">Each with its merchant.</param>
    public static void AddOwnedIds(this NpgsqlParameterCollection parameters, IReadOnlyList<OwnedId> ids)
    {
        parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. ids.Select(id => id.MerchantId!)] });
        parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. ids.Select(id => id.Id)] });
    }
}
