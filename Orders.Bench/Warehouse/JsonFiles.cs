using Orders.Bench.Apply;
using Orders.Bench.Stores;

namespace Orders.Bench.Warehouse;

/// <summary>The third seed's way: a JSON file of what came in five seconds, loaded by COPY into one
/// table.</summary>
internal sealed class JsonFiles : WarehouseSide
{
    // What comes in five seconds at a thousand changes a second.
    private const int FilePages = 5;

    public override string Name => "a JSON file each 5 s, loaded by COPY";

    public override async Task<long> WriteAsync(BenchDatabase database, string folder, IReadOnlyList<byte[]> pages, Func<Func<Task>, Task> measure, CancellationToken cancellationToken)
    {
        await JsonTable.CreateAsync(database, cancellationToken);
        await measure(async () =>
        {
            foreach (var (number, some) in pages.Chunk(FilePages).Index())
            {
                var file = Path.Combine(folder, $"{number}.json");
                await JsonTable.WriteAsync(file, some.SelectMany(DecodedPages.Read).Select(change => (change.Event, change.Order)), cancellationToken);
                await JsonTable.LoadAsync(database, file, cancellationToken);
            }
        });

        var (rows, bytes) = await JsonTable.SizeAsync(database, cancellationToken);
        Check(rows, pages);
        return bytes;
    }
}
