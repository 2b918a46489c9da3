namespace DynamoStreams.Snapshots;

/// <summary>Receives what a scan reads: the part that the user of this library writes.</summary>
public interface IScanHandler
{
    /// <summary>
    /// Applies a page, and stores <see cref="ScanPage.Next"/> in the same transaction as its effect: then a
    /// crash repeats nothing and skips nothing. Called by one caller at a time for each segment; pages of
    /// several segments come at the same time.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    Task ApplyAsync(ScanPage page, CancellationToken cancellationToken);
}
