using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace DynamoStreams.Postgres;

/// <content>Stores streams and shards as they are listed, and gaps.</content>
public sealed partial class PostgresLeaseStore
{
    private string AddShards =>
        $"""
        INSERT INTO {_schema}.shards (stream_arn, shard_id, parent_shard_id)
        SELECT * FROM unnest($1, $2, $3)
        ON CONFLICT DO NOTHING
        """;

    /// <inheritdoc/>
    public async Task AbandonAsync(ShardLease lease, string reason, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            WITH ended AS (
                UPDATE {_schema}.shards
                   SET finished_at = clock_timestamp(), owner = NULL
                 WHERE stream_arn = $1 AND shard_id = $2 AND fencing_token = $3 AND finished_at IS NULL
                RETURNING stream_arn, shard_id, checkpoint)
            INSERT INTO {_schema}.gaps (stream_arn, shard_id, reason, after)
            SELECT stream_arn, shard_id, $4, checkpoint FROM ended
            """);
        AddParameters(command.Parameters, lease.StreamArn, lease.ShardId, lease.FencingToken, reason);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> ReopenAsync(ShardState shard, CancellationToken cancellationToken) => await ExecuteAsync(
        $"""
        UPDATE {_schema}.shards
           SET finished_at = NULL, owner = NULL, leased_until = clock_timestamp()
         WHERE stream_arn = $1 AND shard_id = $2 AND fencing_token = $3 AND coalesce(checkpoint, '') = $4 AND finished_at IS NOT NULL
        """,
        cancellationToken,
        shard.StreamArn,
        shard.ShardId,
        shard.FencingToken,
        shard.Checkpoint ?? "") == 1;

    /// <inheritdoc/>
    public async Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            WITH held AS (
                UPDATE {_schema}.shards AS s
                   SET checkpoint = NULL, discovered_at = clock_timestamp()
                  FROM (SELECT checkpoint FROM {_schema}.shards WHERE stream_arn = $1 AND shard_id = $2) AS was
                 WHERE s.stream_arn = $1 AND s.shard_id = $2 AND s.fencing_token = $3
                RETURNING was.checkpoint)
            INSERT INTO {_schema}.gaps (stream_arn, shard_id, reason, after)
            SELECT $1, $2, $4, checkpoint FROM held
            """);
        AddParameters(command.Parameters, lease.StreamArn, lease.ShardId, lease.FencingToken, reason);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw new LeaseLostException(lease.ShardId);
        }
    }

    /// <inheritdoc/>
    public async Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(AddShards);
        AddParameters(command.Parameters, Columns(shards));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LineageState> ReadLineageAsync(string tableName, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command($"SELECT stream_arn, begun FROM {_schema}.streams WHERE table_name = $1 ORDER BY label, stream_arn", tableName));
        batch.BatchCommands.Add(Command(
            $"""
            SELECT s.stream_arn, s.shard_id, s.parent_shard_id, s.finished_at IS NOT NULL, s.fencing_token, s.checkpoint
              FROM {_schema}.shards AS s
              JOIN {_schema}.streams AS t USING (stream_arn)
             WHERE t.table_name = $1
            """,
            tableName));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var streams = new List<string>();
        var begun = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            streams.Add(reader.GetString(0));
            if (reader.GetBoolean(1))
            {
                begun.Add(reader.GetString(0));
            }
        }

        await reader.NextResultAsync(cancellationToken);
        var shards = new List<ShardState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            shards.Add(new ShardState(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetBoolean(3), Free: false)
            {
                FencingToken = reader.GetInt64(4),
                Checkpoint = reader.IsDBNull(5) ? null : reader.GetString(5),
            });
        }

        return new LineageState(streams, begun, shards);
    }

    /// <inheritdoc/>
    public async Task WriteLineageAsync(string tableName, LineagePlan plan, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(
            $"""
            INSERT INTO {_schema}.streams (table_name, stream_arn, label)
            SELECT $1, * FROM unnest($2, $3)
            ON CONFLICT DO NOTHING
            """,
            tableName,
            plan.NewStreams.Select(stream => stream.StreamArn).ToArray(),
            plan.NewStreams.Select(stream => stream.Label).ToArray()));
        batch.BatchCommands.Add(Command(
            $"""
            UPDATE {_schema}.streams
               SET missing = CASE WHEN stream_arn = ANY ($2) THEN missing + 1 ELSE 0 END
             WHERE table_name = $1 AND (missing > 0 OR stream_arn = ANY ($2))
            """,
            tableName,
            plan.Missing.ToArray()));
        batch.BatchCommands.Add(Command(
            $"UPDATE {_schema}.streams SET is_disabled = NOT is_disabled WHERE table_name = $1 AND is_disabled <> (stream_arn = ANY ($2))",
            tableName,
            plan.Disabled.ToArray()));

        // Writes while the table had no stream, or between two tables of the same name, are in neither
        // stream. Only a snapshot finds them.
        batch.BatchCommands.Add(Command(
            $"""
            WITH began AS (
                UPDATE {_schema}.streams SET begun = true
                 WHERE table_name = $1 AND stream_arn = ANY ($2) AND NOT begun
                RETURNING stream_arn, label)
            INSERT INTO {_schema}.gaps (stream_arn, shard_id, reason)
            SELECT stream_arn, '', 'the stream took the place of another; what was written between the two is in neither'
              FROM began
             WHERE EXISTS (SELECT FROM {_schema}.streams AS former WHERE former.table_name = $1 AND former.label < began.label)
            """,
            tableName,
            plan.Begins.ToArray()));
        batch.BatchCommands.Add(Command(AddShards, Columns(plan.Unknown)));
        batch.BatchCommands.Add(Command(
            $"""
            WITH lost AS (
                DELETE FROM {_schema}.shards AS s
                 USING unnest($1, $2) AS gone (stream_arn, shard_id)
                 WHERE s.stream_arn = gone.stream_arn AND s.shard_id = gone.shard_id AND s.finished_at IS NOT NULL
                RETURNING s.stream_arn, s.shard_id, s.checkpoint)
            INSERT INTO {_schema}.gaps (stream_arn, shard_id, reason, after)
            SELECT stream_arn, shard_id, 'the shards that followed it were trimmed before they were found', checkpoint FROM lost
            """,
            plan.BrokenOff.Select(shard => shard.StreamArn).ToArray(),
            plan.BrokenOff.Select(shard => shard.ShardId).ToArray()));
        batch.BatchCommands.Add(Command(
            $"""
            DELETE FROM {_schema}.shards AS s
             USING unnest($1, $2) AS gone (stream_arn, shard_id)
             WHERE s.stream_arn = gone.stream_arn AND s.shard_id = gone.shard_id AND s.finished_at IS NOT NULL
            """,
            plan.Forgettable.Select(shard => shard.StreamArn).ToArray(),
            plan.Forgettable.Select(shard => shard.ShardId).ToArray()));

        // A stream is deleted when it no longer exists and none of its shards is needed.
        batch.BatchCommands.Add(Command(
            $"""
            DELETE FROM {_schema}.streams AS t
             WHERE t.table_name = $1 AND t.missing > $2 AND NOT EXISTS (SELECT FROM {_schema}.shards AS s WHERE s.stream_arn = t.stream_arn)
            """,
            tableName,
            ListingsUntilGone));
        if (plan.HasShards)
        {
            batch.BatchCommands.Add(Command($"UPDATE {_schema}.listings SET listed_at = clock_timestamp() WHERE table_name = $1", tableName));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static object[] Columns(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards) =>
    [
        shards.Select(entry => entry.StreamArn).ToArray(),
        shards.Select(entry => entry.Shard.ShardId).ToArray(),
        shards.Select(entry => entry.Shard.ParentShardId).ToArray(),
    ];
}
