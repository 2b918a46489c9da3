using Npgsql;
using Orders.Query.Reading;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Owned;

/// <summary>Finds the merchant of an id when the request does not name it.</summary>
internal static class Owner
{
    /// <summary>Finds the merchants.</summary>
    /// <param name="readModel">The read model.</param>
    /// <param name="table">The table of customers or products.</param>
    /// <param name="ids">The requested ids.</param>
    /// <param name="caller">The caller; only its own merchants count.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public static async Task<Owners> FindAsync(
        ReadModel readModel, OwnedTable table, IReadOnlyList<OwnedId> ids, Caller caller, CancellationToken cancellationToken)
    {
        var only = caller is { AllMerchants: false, Merchants.Count: 1 } ? caller.Merchants.Single() : null;
        var bare = only is null ? ids.Where(id => id.MerchantId is null).Select(id => id.Id).ToArray() : [];
        var owners = bare is [] ? null : await readModel.ReadAsync((connection, token) => ReadAsync(connection, table, bare, caller, token), cancellationToken);
        var ambiguous = (owners ?? Enumerable.Empty<IGrouping<string, string>>()).Where(found => found.Count() > 1).Select(found => found.Key).ToHashSet(StringComparer.Ordinal);
        return new(ids, [.. ids.Select(id => MerchantOf(id) is { } merchantId && caller.MayUse(merchantId) ? new OwnedId(merchantId, id.Id) : (OwnedId?)null)], ambiguous);

        string? MerchantOf(OwnedId id) => id.MerchantId ?? only ?? (ambiguous.Contains(id.Id) ? null : owners?[id.Id].SingleOrDefault());
    }

    /// <summary>
    /// The statement. It reads at most two merchants of an id: enough to detect an ambiguous id.
    /// </summary>
    internal static string Sql(OwnedTable table, bool everyMerchant) =>
        $"""
        SELECT asked.id, found.merchant_id
          FROM unnest($1) AS asked (id)
         CROSS JOIN LATERAL (
               SELECT merchant_id FROM {table.Name} WHERE {table.IdColumn} = asked.id {(everyMerchant ? "" : "AND merchant_id = ANY ($2)")} LIMIT 2) AS found
        """;

    private static async Task<ILookup<string, string>> ReadAsync(
        NpgsqlConnection connection, OwnedTable table, string[] ids, Caller caller, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql(table, caller.AllMerchants), connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ids });
        if (!caller.AllMerchants)
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. caller.Merchants] });
        }

        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var owners = new List<(string Id, string MerchantId)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            owners.Add((rows.GetString(0), rows.GetString(1)));
        }

        return owners.ToLookup(owner => owner.Id, owner => owner.MerchantId, StringComparer.Ordinal);
    }
}
