using Npgsql;
using NpgsqlTypes;
using Orders.Query.Reading;

namespace Orders.Query.Changes;

/// <summary>
/// The feed in Postgres, its source of truth: the history of all orders, in the order of the transactions
/// that wrote it.
/// </summary>
internal sealed class ChangeStore(ReadModel readModel)
{
    private const string HeadSql =
        """
        SELECT feed_id, pg_snapshot_xmin(now), pg_snapshot_xmax(now)
          FROM sync.change_feed, pg_current_snapshot() AS now
        """;

    // Transactions do not become visible in the order of their ids. Below the oldest open transaction
    // nothing new can appear (the watermark), so only there does a position cover all changes before it.
    // Changes that do not match count for the page but return no body, so that a page costs the same however
    // few changes match.
    private const string PageSql =
        """
        SELECT feed_xid, order_id, revision, merchant_id, change, changed_at, projected_at, version,
               CASE WHEN ($4 IS NULL OR merchant_id = ANY ($4))
                     AND ($5 IS NULL OR order_id = $5)
                     AND ($6 IS NULL OR body ->> 'customer_id' = $6) THEN body END
          FROM order_history
         WHERE feed_xid > '0'
           AND (feed_xid, order_id, revision) > ($1, $2, $3)
           AND feed_xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY feed_xid, order_id, revision
         LIMIT $7
        """;

    private const int Body = 8;

    /// <summary>Reads the end of the feed.</summary>
    public Task<FeedHead> ReadHeadAsync(CancellationToken cancellationToken) => readModel.ReadAsync(ReadHeadAsync, cancellationToken);

    /// <summary>
    /// Reads a whole page in one round trip: the connection is free before a byte is sent to a client.
    /// </summary>
    /// <param name="after">Changes after this position.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="limit">At most so many, matching or not.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<ChangePage> ReadAsync(ChangePosition after, ChangeFilter filter, int limit, CancellationToken cancellationToken) =>
        readModel.ReadAsync((connection, token) => ReadAsync(connection, after, filter, limit, token), cancellationToken);

    private static async Task<ChangePage> ReadAsync(
        NpgsqlConnection connection, ChangePosition after, ChangeFilter filter, int limit, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        // Read first: rows beyond this horizon, visible to the later statement, come after the last row.
        batch.BatchCommands.Add(new(HeadSql));
        batch.BatchCommands.Add(Page(after, filter, limit));
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var head = await ReadHeadAsync(rows, cancellationToken);
        await rows.NextResultAsync(cancellationToken);

        List<ChangeRow> matching = [];
        var (end, count) = (after, 0);
        for (; await rows.ReadAsync(cancellationToken); count++)
        {
            end = new(rows.GetFieldValue<ulong>(0), rows.GetGuid(1), rows.GetInt64(2));
            if (!rows.IsDBNull(Body))
            {
                matching.Add(ReadRow(rows, end));
            }
        }

        return count == limit ? new(head, matching, end, IsFull: true) : new(head, matching, ChangePosition.Later(end, head.Position), IsFull: false);
    }

    private static NpgsqlBatchCommand Page(ChangePosition after, ChangeFilter filter, int limit) => new(PageSql)
    {
        Parameters =
        {
            new() { Value = after.Xid, NpgsqlDbType = NpgsqlDbType.Xid8 },
            new() { Value = after.OrderId },
            new() { Value = after.Revision },
            new() { Value = (object?)filter.Merchants?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = (object?)filter.OrderId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = (object?)filter.CustomerId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = (long)limit },
        },
    };

    private static async Task<FeedHead> ReadHeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(HeadSql, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadHeadAsync(rows, cancellationToken);
    }

    private static async Task<FeedHead> ReadHeadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        if (!await rows.ReadAsync(cancellationToken))
        {
            throw new InvalidDataException("sync.change_feed is empty: the feed of this database has no id.");
        }

        return new(rows.GetString(0), rows.GetFieldValue<ulong>(1), rows.GetFieldValue<ulong>(2));
    }

    private static ChangeRow ReadRow(NpgsqlDataReader row, ChangePosition position) =>
        new(position, row.GetInt64(7), row.GetString(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<byte[]>(Body));
}
