using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using Npgsql;

namespace DynamoStreams.Postgres;

/// <summary>
/// Leases in <c>sync.shards</c>, beside the data that they protect: so that a batch's rows, its checkpoint and the proof of ownership
/// are one transaction. Every comparison of times is made by the database's clock.
/// </summary>
/// <param name="database">The database of the projection.</param>
public sealed class PostgresLeaseStore(NpgsqlDataSource database) : ILeaseStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<ShardState>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT stream_arn, shard_id, parent_shard_id, finished_at IS NOT NULL,
                   owner IS NULL OR leased_until < clock_timestamp()
              FROM sync.shards
             ORDER BY stream_arn, shard_id
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var shards = new List<ShardState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            shards.Add(new ShardState(
                reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4)));
        }

        return shards;
    }

    /// <inheritdoc/>
    public async Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO sync.shards (stream_arn, shard_id, parent_shard_id)
            SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT DO NOTHING
            """);
        command.Parameters.Add(new() { Value = shards.Select(s => s.StreamArn).ToArray() });
        command.Parameters.Add(new() { Value = shards.Select(s => s.Shard.ShardId).ToArray() });
        command.Parameters.Add(new() { Value = shards.Select(s => s.Shard.ParentShardId).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ShardLease?> TryAcquireAsync(ShardState shard, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE sync.shards
               SET owner = $3, fencing_token = fencing_token + 1, leased_until = clock_timestamp() + $4
             WHERE stream_arn = $1 AND shard_id = $2 AND finished_at IS NULL
               AND (owner IS NULL OR leased_until < clock_timestamp())
            RETURNING fencing_token, checkpoint
            """);
        command.Parameters.Add(new() { Value = shard.StreamArn });
        command.Parameters.Add(new() { Value = shard.ShardId });
        command.Parameters.Add(new() { Value = owner });
        command.Parameters.Add(new() { Value = duration });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new ShardLease(shard.StreamArn, shard.ShardId, reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1))
            : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<ShardLease>> RenewAsync(
        IReadOnlyList<(ShardLease Lease, bool CaughtUp)> leases, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE sync.shards AS s
               SET leased_until = clock_timestamp() + $1,
                   caught_up_at = CASE WHEN held.caught_up THEN clock_timestamp() ELSE s.caught_up_at END
              FROM unnest($2, $3, $4, $5) AS held (stream_arn, shard_id, fencing_token, caught_up)
             WHERE s.stream_arn = held.stream_arn AND s.shard_id = held.shard_id AND s.fencing_token = held.fencing_token
               AND s.owner IS NOT NULL
            RETURNING s.stream_arn, s.shard_id
            """);
        command.Parameters.Add(new() { Value = duration });
        command.Parameters.Add(new() { Value = leases.Select(l => l.Lease.StreamArn).ToArray() });
        command.Parameters.Add(new() { Value = leases.Select(l => l.Lease.ShardId).ToArray() });
        command.Parameters.Add(new() { Value = leases.Select(l => l.Lease.FencingToken).ToArray() });
        command.Parameters.Add(new() { Value = leases.Select(l => l.CaughtUp).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var held = new HashSet<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            held.Add((reader.GetString(0), reader.GetString(1)));
        }

        return [.. leases.Select(l => l.Lease).Where(lease => held.Contains((lease.StreamArn, lease.ShardId)))];
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE sync.shards SET owner = NULL, leased_until = NULL WHERE stream_arn = $1 AND shard_id = $2 AND fencing_token = $3");
        command.Parameters.Add(new() { Value = lease.StreamArn });
        command.Parameters.Add(new() { Value = lease.ShardId });
        command.Parameters.Add(new() { Value = lease.FencingToken });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task AbandonAsync(ShardState shard, string reason, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH ended AS (
                UPDATE sync.shards
                   SET finished_at = clock_timestamp(), fencing_token = fencing_token + 1, owner = NULL, leased_until = NULL
                 WHERE stream_arn = $1 AND shard_id = $2 AND finished_at IS NULL
                RETURNING stream_arn, shard_id, checkpoint)
            INSERT INTO sync.gaps (stream_arn, shard_id, reason, after)
            SELECT stream_arn, shard_id, $3, checkpoint FROM ended
            """);
        command.Parameters.Add(new() { Value = shard.StreamArn });
        command.Parameters.Add(new() { Value = shard.ShardId });
        command.Parameters.Add(new() { Value = reason });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH held AS (
                UPDATE sync.shards AS s
                   SET checkpoint = NULL
                  FROM (SELECT checkpoint FROM sync.shards WHERE stream_arn = $1 AND shard_id = $2) AS was
                 WHERE s.stream_arn = $1 AND s.shard_id = $2 AND s.fencing_token = $3
                RETURNING was.checkpoint)
            INSERT INTO sync.gaps (stream_arn, shard_id, reason, after)
            SELECT $1, $2, $4, checkpoint FROM held
            """);
        command.Parameters.Add(new() { Value = lease.StreamArn });
        command.Parameters.Add(new() { Value = lease.ShardId });
        command.Parameters.Add(new() { Value = lease.FencingToken });
        command.Parameters.Add(new() { Value = reason });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw new LeaseLostException(lease.ShardId);
        }
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(IReadOnlyList<ShardState> shards, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            DELETE FROM sync.shards AS s
             USING unnest($1, $2) AS gone (stream_arn, shard_id)
             WHERE s.stream_arn = gone.stream_arn AND s.shard_id = gone.shard_id AND s.finished_at IS NOT NULL
            """);
        command.Parameters.Add(new() { Value = shards.Select(s => s.StreamArn).ToArray() });
        command.Parameters.Add(new() { Value = shards.Select(s => s.ShardId).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
