namespace DynamoStreams.Snapshots;

/// <summary>Takes what a scan finds: the part that the owner of a table writes.</summary>
public interface IScanHandler
{
    /// <summary>
    /// Takes a page, and writes down <see cref="ScanPage.Next"/> in the same transaction as its effect: then
    /// a crash repeats nothing and skips nothing. Called by one caller at a time for each segment; pages of
    /// several segments come at the same time.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    Task ApplyAsync(ScanPage page, CancellationToken cancellationToken);
}
