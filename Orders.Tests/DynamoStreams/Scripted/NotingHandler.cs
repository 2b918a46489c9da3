using System.Text.Json;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;

namespace Orders.Tests.DynamoStreams.Scripted;

/// <summary>
/// Notes every record in a table, in one transaction with the checkpoint: what is noted twice was applied
/// twice.
/// </summary>
internal sealed class NotingHandler(NpgsqlDataSource database, ConsumerSchema? schema = null, string table = "noted") : IBatchHandler
{
    /// <summary>Thrown for records of these items.</summary>
    public Dictionary<string, Exception> Poison { get; } = new(StringComparer.Ordinal);

    public async Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        foreach (var record in batch.Records)
        {
            if (Poison.TryGetValue(Item(record.Keys), out var failure))
            {
                throw failure;
            }
        }

        await NoteAsync(batch, "applied", cancellationToken);
    }

    public FailureKind Classify(Exception failure) => failure is TimeoutException ? FailureKind.Passing : FailureKind.Record;

    public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken) => NoteAsync(batch, "set aside", cancellationToken);

    private static string Item(ReadOnlyMemory<byte> keys)
    {
        using var json = JsonDocument.Parse(keys);
        return json.RootElement.GetProperty("pk").GetProperty("S").GetString()!;
    }

    private async Task NoteAsync(ShardBatch batch, string what, CancellationToken cancellationToken)
    {
        await using var statements = database.CreateBatch();
        statements.BatchCommands.Add(CheckpointCommand.For(batch, lastChangeAt: null, schema));
        statements.BatchCommands.Add(new NpgsqlBatchCommand($"INSERT INTO {table} (shard_id, item, what) SELECT $1, unnest($2), $3")
        {
            Parameters = { new() { Value = batch.Lease.ShardId }, new() { Value = batch.Records.Select(record => Item(record.Keys)).ToArray() }, new() { Value = what } },
        });
        try
        {
            await statements.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException failure) when (CheckpointCommand.IsLeaseLost(failure))
        {
            throw new LeaseLostException(batch.Lease.ShardId, failure);
        }
    }
}
