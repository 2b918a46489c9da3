namespace DynamoStreams.Snapshots;

/// <summary>A table's items, a page at a time. Only I/O, no decisions.</summary>
public interface ITablePages
{
    /// <summary>Reads the page after a position.</summary>
    /// <param name="position">Where to continue.</param>
    /// <param name="limit">Items at most; the service also stops at 1 MB.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/dynamodb-2012-08-10/Scan"/></param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ScanPage> ReadAsync(ScanPosition position, int limit, CancellationToken cancellationToken);
}
