using DynamoStreams.Api;
using Orders.Bench.Stores;

namespace Orders.Bench.Apply;

/// <summary>
/// The same statements, but those of a whole page in one NpgsqlBatch: one round trip and one transaction.
/// </summary>
internal sealed class BatchOfStatements : ApplySide
{
    public override string Name => "a page's statements in one NpgsqlBatch";

    public override int MostChanges => 20_000;

    public override async Task ApplyAsync(BenchDatabase database, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        foreach (var page in pages)
        {
            await using var batch = connection.CreateBatch();
            foreach (var change in DecodedPages.Read(page))
            {
                RowStatements.Add(batch.BatchCommands, change, change.Event == StreamEvent.Modify ? OrderWrite.Update : OrderWrite.Upsert);
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
