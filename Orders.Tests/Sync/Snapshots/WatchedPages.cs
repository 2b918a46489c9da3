using System.Collections.Concurrent;
using DynamoStreams.Snapshots;

namespace Orders.Tests.Sync.Snapshots;

/// <summary>The real table's pages, each shown to the test between its reading and its writing.</summary>
internal sealed class WatchedPages(ITablePages pages) : ITablePages
{
    /// <summary>Where each page that was read began, in the order of reading.</summary>
    public ConcurrentQueue<ScanPosition> Read { get; } = new();

    /// <summary>Called with each page before it is written.</summary>
    public Func<ScanPage, Task> BeforeWriting { get; set; } = _ => Task.CompletedTask;

    public async Task<ScanPage> ReadAsync(ScanPosition position, int limit, CancellationToken cancellationToken)
    {
        var page = await pages.ReadAsync(position, limit, cancellationToken);
        await BeforeWriting(page);
        Read.Enqueue(position);
        return page;
    }
}
