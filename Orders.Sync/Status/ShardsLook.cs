using Npgsql;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Status;

/// <summary>
/// Reads the state of the table's shards and its orders in doubt, for readiness and the lag, which must be
/// the same on every instance.
/// </summary>
internal sealed class ShardsLook(NpgsqlDataSource database, DynamoDbSettings dynamoDb, TimeProvider time)
{
    // The time without progress begins when the shard may be read: when it was found and its parent is
    // finished.
    private const string Sql =
        """
        WITH shards AS (
            SELECT s.shard_id, s.owner, s.finished_at, s.finished_at IS NULL AND (p.shard_id IS NULL OR p.finished_at IS NOT NULL) AS may_be_read,
                   clock_timestamp() - greatest(s.as_of, s.applied_at, s.discovered_at, p.finished_at) AS silence,
                   clock_timestamp() - coalesce(s.as_of, greatest(s.discovered_at, p.finished_at)) AS lag
              FROM sync.shards AS s
              JOIN sync.streams AS t USING (stream_arn)
              LEFT JOIN sync.shards AS p ON p.stream_arn = s.stream_arn AND p.shard_id = s.parent_shard_id
             WHERE t.table_name = $1 AND t.begun),
        worst AS (
            SELECT shard_id, owner, silence
              FROM shards
             WHERE may_be_read
             ORDER BY silence DESC
             LIMIT 1),
        listing AS (SELECT clock_timestamp() - listed_at AS age FROM sync.listings WHERE table_name = $1)
        SELECT count(*) FILTER (WHERE finished_at IS NULL), clock_timestamp() - max(finished_at),
               (SELECT silence FROM worst), (SELECT shard_id FROM worst), (SELECT owner FROM worst),
               (SELECT clock_timestamp() - greatest(min(noted_at), (SELECT settled_at FROM sync.doubts_settled)) FROM sync.doubtful_orders HAVING count(*) > 0),
               max(lag) FILTER (WHERE may_be_read), (SELECT age FROM listing)
          FROM shards
        """;

    // Shorter than the time limit of a health check.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1_500);

    /// <summary>Reads it.</summary>
    /// <returns>Null when the database does not answer.</returns>
    public async Task<ShardsState?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await database.LookAsync(ReadAsync, Limit, time, cancellationToken);
        }
        catch (Exception failure) when (PostgresFaults.IsNoAnswer(failure))
        {
            return null;
        }
    }

    private async Task<ShardsState> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = dynamoDb.Table } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new()
        {
            Open = row.GetInt64(0),
            SinceEnd = row.IsDBNull(1) ? null : row.GetTimeSpan(1),
            Silence = row.IsDBNull(2) ? TimeSpan.Zero : row.GetTimeSpan(2),
            Worst = row.IsDBNull(3) ? null : row.GetString(3),
            Holder = row.IsDBNull(4) ? null : row.GetString(4),
            InDoubt = row.IsDBNull(5) ? TimeSpan.Zero : row.GetTimeSpan(5),
            Lag = row.IsDBNull(6) ? null : row.GetTimeSpan(6),
            SinceListing = row.IsDBNull(7) ? null : row.GetTimeSpan(7),
        };
    }
}
