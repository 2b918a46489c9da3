using Npgsql;
using NpgsqlTypes;
using Orders.Query.Reading;

namespace Orders.Query.Status;

/// <summary>Reads the state that Orders.Sync stores.</summary>
internal sealed class StatusStore(ReadModel readModel)
{
    private const string ShardsSql =
        """
        SELECT stream_arn, shard_id, parent_shard_id, coalesce(owner IS NOT NULL AND leased_until > clock_timestamp(), false), records,
               discovered_at, last_change_at, applied_at, caught_up_at, as_of, finished_at
          FROM sync.shards
        """;

    private const string ListingSql = "SELECT clock_timestamp(), (SELECT min(listed_at) FROM sync.listings)";

    private const string CountsSql =
        """
        SELECT (SELECT count(*) FROM sync.dead_letters WHERE $2 IS NULL OR tenant = ANY ($2)),
               (SELECT count(*) FROM sync.gaps WHERE healed_at IS NULL),
               (SELECT count(*) FROM sync.cache_repairs WHERE created_at < clock_timestamp() - $1),
               (SELECT count(*) FROM sync.doubtful_orders)
        """;

    private const string PassedOverSql = "SELECT cause, changes FROM sync.passed_over ORDER BY cause";

    // Every batch is listed while it is written to Redis; an older entry was not written.
    private static readonly TimeSpan BeingWritten = TimeSpan.FromSeconds(3);

    /// <summary>Reads only the state of the stream.</summary>
    public Task<ReplicationState> ReadReplicationAsync(CancellationToken cancellationToken) => readModel.ReadAsync(ReadReplicationAsync, cancellationToken);

    /// <summary>Reads everything in one round trip.</summary>
    /// <param name="merchants">Whose dead letters count; null for all.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public Task<ReadModelStatus> ReadAsync(IReadOnlyCollection<string>? merchants, CancellationToken cancellationToken) =>
        readModel.ReadAsync((connection, token) => ReadAsync(connection, merchants, token), cancellationToken);

    private static async Task<ReplicationState> ReadReplicationAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(ShardsSql));
        batch.BatchCommands.Add(new(ListingSql));
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadReplicationAsync(rows, cancellationToken);
    }

    private static async Task<ReadModelStatus> ReadAsync(NpgsqlConnection connection, IReadOnlyCollection<string>? merchants, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(ShardsSql));
        batch.BatchCommands.Add(new(ListingSql));
        batch.BatchCommands.Add(new(CountsSql)
        {
            Parameters =
            {
                new NpgsqlParameter<TimeSpan> { TypedValue = BeingWritten },
                new() { Value = merchants?.ToArray() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        });
        batch.BatchCommands.Add(new(PassedOverSql));
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var replication = await ReadReplicationAsync(rows, cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        var (deadLetters, gaps, cacheRepairs, doubts) = (rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3));
        var passedOver = new Dictionary<string, long>(StringComparer.Ordinal);
        await rows.NextResultAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            passedOver[rows.GetString(0)] = rows.GetInt64(1);
        }

        return new(replication, deadLetters, gaps, cacheRepairs, doubts, passedOver);
    }

    private static async Task<ReplicationState> ReadReplicationAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var shards = new List<ShardFreshness>();
        while (await rows.ReadAsync(cancellationToken))
        {
            shards.Add(ReadShard(rows));
        }

        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return new(rows.GetFieldValue<DateTimeOffset>(0), shards, Time(rows, 1));
    }

    private static ShardFreshness ReadShard(NpgsqlDataReader row) => new()
    {
        StreamArn = row.GetString(0),
        ShardId = row.GetString(1),
        ParentShardId = row.IsDBNull(2) ? null : row.GetString(2),
        Owned = row.GetBoolean(3),
        Records = row.GetInt64(4),
        DiscoveredAt = row.GetFieldValue<DateTimeOffset>(5),
        LastChangeAt = Time(row, 6),
        AppliedAt = Time(row, 7),
        CaughtUpAt = Time(row, 8),
        AsOf = Time(row, 9),
        FinishedAt = Time(row, 10),
    };

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
