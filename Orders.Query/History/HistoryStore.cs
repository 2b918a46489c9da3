using Npgsql;
using Orders.Query.Reading;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.History;

/// <summary>The versions of orders in Postgres.</summary>
internal sealed class HistoryStore(ReadModel readModel)
{
    // Begins with the last version before the page, to show what the first of the page changed, and the
    // merchant of an empty page.
    internal const string Sql =
        """
        SELECT revision, merchant_id, change, changed_at, body, version
          FROM order_history
         WHERE order_id = $1
           AND revision >= coalesce((SELECT max(revision) FROM order_history WHERE order_id = $1 AND revision <= $2), 0)
         ORDER BY revision LIMIT $3
        """;

    /// <summary>Reads a page.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="afterRevision">Begins after this revision; 0 for the first page.</param>
    /// <param name="limit">At most so many versions.</param>
    /// <param name="caller">The caller; decides which orders are visible.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <returns>Null when there is no history that the caller may see.</returns>
    public async Task<OrderHistory?> FindAsync(Guid orderId, long afterRevision, int limit, Caller caller, CancellationToken cancellationToken)
    {
        // One before the page, and one more to detect a next page.
        var rows = await readModel.ReadAsync((connection, token) => ReadAsync(connection, orderId, afterRevision, limit + 2L, token), cancellationToken);
        var found = rows.Where(version => caller.MayUse(version.MerchantId)).ToList();
        if (found is [])
        {
            return null;
        }

        var earlier = found[0].Revision <= afterRevision ? found[0] : null;
        var later = found.Where(version => version.Revision > afterRevision).ToList();
        var page = later.Take(limit).ToList();
        return new(orderId, found[0].MerchantId, earlier, page, later.Count > limit ? page[^1].Revision : null);
    }

    private static async Task<List<StoredVersion>> ReadAsync(
        NpgsqlConnection connection, Guid orderId, long afterRevision, long most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = orderId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = afterRevision });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = most });
        var found = new List<StoredVersion>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(new(
                rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3), rows.GetFieldValue<byte[]>(4), rows.GetInt64(5)));
        }

        return found;
    }
}
