using Npgsql;

namespace Orders.Query;

/// <summary>Reads what Orders.Sync notes about itself.</summary>
internal sealed class StatusStore(ReadModel readModel)
{
    private const string ShardsSql =
        """
        SELECT shard_id, parent_shard_id, coalesce(owner IS NOT NULL AND leased_until > clock_timestamp(), false), records,
               discovered_at, last_change_at, applied_at, caught_up_at, finished_at
          FROM sync.shards
        """;

    private const string CountsSql =
        """
        SELECT clock_timestamp(),
               (SELECT count(*) FROM sync.dead_letters),
               (SELECT count(*) FROM sync.gaps WHERE healed_at IS NULL),
               (SELECT count(*) FROM sync.cache_repairs WHERE created_at < clock_timestamp() - $1)
        """;

    // Every batch is listed while it is being written to Redis; what is older than this was not written.
    private static readonly TimeSpan BeingWritten = TimeSpan.FromSeconds(3);

    /// <summary>Reads the shards alone, and the database's clock.</summary>
    public Task<(DateTimeOffset Now, IReadOnlyList<ShardState> Shards)> ReadShardsAsync(CancellationToken cancellationToken) =>
        readModel.ReadAsync(ReadShardsAsync, cancellationToken);

    /// <summary>Reads all of it in one round trip.</summary>
    public Task<ReadModelStatus> ReadAsync(CancellationToken cancellationToken) => readModel.ReadAsync(ReadAsync, cancellationToken);

    private static async Task<(DateTimeOffset Now, IReadOnlyList<ShardState> Shards)> ReadShardsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(ShardsSql));
        batch.BatchCommands.Add(new("SELECT clock_timestamp()"));
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var shards = await ReadShardsAsync(rows, cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return (rows.GetFieldValue<DateTimeOffset>(0), shards);
    }

    private static async Task<ReadModelStatus> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(ShardsSql));
        batch.BatchCommands.Add(new(CountsSql) { Parameters = { new NpgsqlParameter<TimeSpan> { TypedValue = BeingWritten } } });
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var shards = await ReadShardsAsync(rows, cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return new(rows.GetFieldValue<DateTimeOffset>(0), shards, rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3));
    }

    private static async Task<List<ShardState>> ReadShardsAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var shards = new List<ShardState>();
        while (await rows.ReadAsync(cancellationToken))
            shards.Add(ReadShard(rows));
        return shards;
    }

    private static ShardState ReadShard(NpgsqlDataReader row) => new()
    {
        ShardId = row.GetString(0),
        ParentShardId = row.IsDBNull(1) ? null : row.GetString(1),
        Owned = row.GetBoolean(2),
        Records = row.GetInt64(3),
        DiscoveredAt = row.GetFieldValue<DateTimeOffset>(4),
        LastChangeAt = Time(row, 5),
        AppliedAt = Time(row, 6),
        CaughtUpAt = Time(row, 7),
        FinishedAt = Time(row, 8),
    };

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
