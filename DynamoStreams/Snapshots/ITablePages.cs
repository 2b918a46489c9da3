namespace DynamoStreams.Snapshots;

/// <summary>A table's items, a page at a time. Input and output only; no decision is taken here.</summary>
public interface ITablePages
{
    /// <summary>Reads the page behind a position.</summary>
    /// <param name="position">Where to go on.</param>
    /// <param name="limit">Items at most; the service also stops at 1 MB.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ScanPage> ReadAsync(ScanPosition position, int limit, CancellationToken cancellationToken);
}
