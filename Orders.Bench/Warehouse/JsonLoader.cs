using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Postgres;
using Orders.Bench.Stores;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Bench.Warehouse;

/// <summary>The third seed's way as a consumer of the stream: each batch is a JSON file, loaded at once.
/// Between its two commits a crash would load a file twice.</summary>
internal sealed class JsonLoader(BenchDatabase database, string folder) : IBatchHandler
{
    private int _files;

    public async Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Records.Count > 0)
        {
            var file = Path.Combine(folder, $"{Interlocked.Increment(ref _files)}.json");
            await JsonTable.WriteAsync(file, Read(batch.Records), cancellationToken);
            await JsonTable.LoadAsync(database, file, cancellationToken);
        }

        await using var checkpoint = database.Source.CreateBatch();
        checkpoint.BatchCommands.Add(CheckpointCommand.For(batch, lastChangeAt: null));
        await checkpoint.ExecuteNonQueryAsync(cancellationToken);
    }

    public FailureKind Classify(Exception failure) => FailureKind.Passing;

    public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken) => throw failure;

    private static IEnumerable<(StreamEvent Event, Order Order)> Read(IEnumerable<StreamRecord> records)
    {
        foreach (var record in records)
        {
            if (OrderItem.TryRead((record.Event == StreamEvent.Remove ? record.OldImage : record.NewImage).Span, out var order, out _))
            {
                yield return (record.Event, order);
            }
        }
    }
}
