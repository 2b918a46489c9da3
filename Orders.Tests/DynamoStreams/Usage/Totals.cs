using System.Text.Json;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;

namespace Orders.Tests.DynamoStreams.Usage;

/// <summary>A consumer of a table of payments: their newest amounts, in a table of Postgres.</summary>
public sealed class Totals(NpgsqlDataSource database) : IBatchHandler
{
    public async Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        var newest = batch.Records.Where(record => !record.NewImage.IsEmpty).Select(record => Payment(record.NewImage)).GroupBy(row => row.Id).Select(rows => rows.MaxBy(row => row.Version)).ToList();
        await using var transaction = database.CreateBatch();
        transaction.BatchCommands.Add(CheckpointCommand.For(batch, lastChangeAt: null));
        transaction.BatchCommands.Add(new(
            """
            INSERT INTO payments AS p SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, amount = excluded.amount WHERE p.version < excluded.version
            """)
        {
            Parameters =
            {
                new() { Value = newest.Select(row => row.Id).ToArray() },
                new() { Value = newest.Select(row => row.Version).ToArray() },
                new() { Value = newest.Select(row => row.Amount).ToArray() },
            },
        });
        await CommitAsync(batch, transaction, cancellationToken);
    }

    public FailureKind Classify(Exception failure) => failure is NpgsqlException { IsTransient: true } or TimeoutException ? FailureKind.Passing : FailureKind.Setup;

    public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken) => throw new NotSupportedException("no failure here is a record's");

    private static async Task CommitAsync(ShardBatch batch, NpgsqlBatch transaction, CancellationToken cancellationToken)
    {
        try
        {
            await transaction.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException lost) when (CheckpointCommand.IsLeaseLost(lost))
        {
            throw new LeaseLostException(batch.Lease.ShardId, lost);
        }
    }

    private static (string Id, long Version, decimal Amount) Payment(ReadOnlyMemory<byte> image)
    {
        using var item = JsonDocument.Parse(image);
        string Value(string name, string type) => item.RootElement.GetProperty(name).GetProperty(type).GetString()!;
        return (Value("pk", "S"), long.Parse(Value("version", "N")), decimal.Parse(Value("amount", "N")));
    }
}
