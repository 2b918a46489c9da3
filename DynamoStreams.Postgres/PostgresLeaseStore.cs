using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using Npgsql;

namespace DynamoStreams.Postgres;

/// <summary>
/// Leases in the table <c>shards</c>, in the same database as the data that they protect. So the rows of a
/// batch, its checkpoint and the check of ownership are one transaction. All times are compared by the
/// database's clock.
/// </summary>
/// <param name="database">The database of the projection.</param>
/// <param name="schema">The schema of the tables; null for <see cref="ConsumerSchema.Default"/>.</param>
public sealed partial class PostgresLeaseStore(NpgsqlDataSource database, ConsumerSchema? schema = null) : ILeaseStore
{
    /// <summary>The listings in a row that must agree that a stream no longer exists.</summary>
    internal const int ListingsUntilGone = 3;

    private readonly string _schema = ConsumerSchema.In(schema);

    /// <inheritdoc/>
    public async Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();

        // The function is called only for leases that look expired. Called for every lease it took four
        // fifths of the time with ten thousand shards.
        batch.BatchCommands.Add(Command(
            $"""
            SELECT s.stream_arn, s.shard_id, s.parent_shard_id, s.owner IS NULL OR (s.leased_until < clock_timestamp() AND {_schema}.is_free(s.owner, s.leased_until)),
                   s.owner, s.fencing_token,
                   greatest(clock_timestamp() - coalesce(s.leased_until, s.discovered_at), interval '0'),
                   t.missing >= $2,
                   t.gets_no_more
              FROM {_schema}.shards AS s
              JOIN (SELECT *, is_disabled OR label < max(label) OVER () AS gets_no_more FROM {_schema}.streams WHERE table_name = $1) AS t USING (stream_arn)
             WHERE t.begun AND s.finished_at IS NULL
             ORDER BY t.label, s.shard_id
            """,
            tableName,
            ListingsUntilGone));
        batch.BatchCommands.Add(Command(
            $"SELECT owner FROM {_schema}.instances WHERE table_name = $1 AND alive_until >= clock_timestamp() ORDER BY owner", tableName));
        batch.BatchCommands.Add(Command(
            $"SELECT listed_at IS NOT NULL, due_at <= clock_timestamp() AND claimed_until < clock_timestamp() FROM {_schema}.listings WHERE table_name = $1", tableName));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var open = new List<ShardState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            open.Add(new ShardState(
                reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), Finished: false, reader.GetBoolean(3))
            {
                Owner = reader.IsDBNull(4) ? null : reader.GetString(4),
                FencingToken = reader.GetInt64(5),
                FreeFor = reader.GetTimeSpan(6),
                IsStreamGone = reader.GetBoolean(7),
                GetsNoMore = reader.GetBoolean(8),
            });
        }

        var instances = new List<string>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            instances.Add(reader.GetString(0));
        }

        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new LeaseView(open, instances, reader.GetBoolean(0), reader.GetBoolean(1))
            : new LeaseView(open, instances, IsListed: false, IsListingDue: true);
    }

    /// <inheritdoc/>
    public async Task HeartbeatAsync(string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, TimeSpan? CaughtUp)> held, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(
            $"""
            INSERT INTO {_schema}.instances (owner, table_name, alive_until) VALUES ($1, $2, clock_timestamp() + $3)
            ON CONFLICT (owner) DO UPDATE SET alive_until = excluded.alive_until
            """,
            owner,
            tableName,
            duration));

        // SKIP LOCKED: a heartbeat must not wait, least of all for a batch of its own instance.
        batch.BatchCommands.Add(Command(
            $"""
            DELETE FROM {_schema}.instances
             WHERE owner IN (SELECT owner FROM {_schema}.instances WHERE alive_until < clock_timestamp() - interval '1 minute' FOR UPDATE SKIP LOCKED)
            """));
        if (held.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                $"""
                UPDATE {_schema}.shards AS s
                   SET leased_until = clock_timestamp() + $1,
                       caught_up_at = greatest(s.caught_up_at, clock_timestamp() - held.caught_up)
                  FROM (SELECT s.stream_arn, s.shard_id, held.caught_up
                          FROM {_schema}.shards AS s
                          JOIN unnest($2, $3, $4, $5) AS held (stream_arn, shard_id, fencing_token, caught_up)
                         USING (stream_arn, shard_id, fencing_token)
                         WHERE s.owner IS NOT NULL AND s.finished_at IS NULL
                           FOR NO KEY UPDATE OF s SKIP LOCKED) AS held
                 WHERE s.stream_arn = held.stream_arn AND s.shard_id = held.shard_id
                """,
                duration,
                held.Select(entry => entry.Lease.StreamArn).ToArray(),
                held.Select(entry => entry.Lease.ShardId).ToArray(),
                held.Select(entry => entry.Lease.FencingToken).ToArray(),
                held.Select(entry => entry.CaughtUp).ToArray()));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StandDownAsync(string owner, CancellationToken cancellationToken) =>
        ExecuteAsync($"DELETE FROM {_schema}.instances WHERE owner = $1", cancellationToken, owner);

    /// <inheritdoc/>
    public async Task LeaveAsync(string owner, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command($"DELETE FROM {_schema}.instances WHERE owner = $1", owner));
        batch.BatchCommands.Add(Command($"UPDATE {_schema}.shards SET owner = NULL, leased_until = clock_timestamp() WHERE owner = $1", owner));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ShardLease>> TryAcquireAsync(IReadOnlyList<ShardState> shards, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            WITH free AS (
                SELECT s.stream_arn, s.shard_id
                  FROM {_schema}.shards AS s
                  JOIN unnest($1, $2) AS wanted (stream_arn, shard_id) USING (stream_arn, shard_id)
                 WHERE s.finished_at IS NULL AND {_schema}.is_free(s.owner, s.leased_until)
                   FOR UPDATE OF s SKIP LOCKED)
            UPDATE {_schema}.shards AS s
               SET owner = $3, fencing_token = fencing_token + 1, leased_until = clock_timestamp() + $4
              FROM free
             WHERE s.stream_arn = free.stream_arn AND s.shard_id = free.shard_id
            RETURNING s.stream_arn, s.shard_id, s.fencing_token, s.checkpoint,
                      s.checkpoint IS NULL AND greatest(s.discovered_at, s.caught_up_at) < clock_timestamp() - interval '24 hours'
            """);
        AddParameters(command.Parameters, shards.Select(shard => shard.StreamArn).ToArray(), shards.Select(shard => shard.ShardId).ToArray(), owner, duration);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var leases = new List<ShardLease>();
        while (await reader.ReadAsync(cancellationToken))
        {
            leases.Add(new ShardLease(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3)) { IsOverdue = reader.GetBoolean(4) });
        }

        return leases;
    }

    /// <inheritdoc cref="ILeaseStore.TryAcquireAsync(ShardState, string, TimeSpan, CancellationToken)"/>
    public async Task<ShardLease?> TryAcquireAsync(ShardState shard, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        await TryAcquireAsync([shard], owner, duration, cancellationToken) is [var lease] ? lease : null;

    /// <inheritdoc/>
    public async Task<long> EvictAsync(ShardState shard, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {_schema}.evict($1, $2)");
        AddParameters(command.Parameters, shard.StreamArn, shard.ShardId);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            UPDATE {_schema}.shards SET owner = NULL, leased_until = clock_timestamp()
             WHERE stream_arn = $1 AND shard_id = $2 AND fencing_token = $3 AND finished_at IS NULL
            """);
        AddParameters(command.Parameters, lease.StreamArn, lease.ShardId, lease.FencingToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        AddParameters(command.Parameters, values);
        return command;
    }

    private static void AddParameters(NpgsqlParameterCollection parameters, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = value });
        }
    }
}
