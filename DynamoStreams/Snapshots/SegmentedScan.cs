using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Microsoft.Extensions.Logging;

namespace DynamoStreams.Snapshots;

/// <summary>
/// Scans a table in parallel segments, each from its position to its end, at a bounded rate. It stores
/// nothing itself: the handler commits the position of each segment, and the next run starts from those
/// positions.
/// </summary>
/// <param name="table">The table's pages.</param>
/// <param name="options">How to scan.</param>
/// <param name="time">The clock of waits.</param>
/// <param name="logger">Where it reports to.</param>
public sealed partial class SegmentedScan(ITablePages table, ScanOptions options, TimeProvider time, ILogger<SegmentedScan> logger)
{
    // A page that times out may be too large for a slow server, so the next attempt asks for fewer items.
    private const int SmallestPage = 25;

    private readonly ScanPace _pace = new(options, time);

    /// <summary>The segments of a new scan.</summary>
    /// <param name="segments">How many.</param>
    public static IReadOnlyList<ScanPosition> Begin(int segments) => [.. Enumerable.Range(0, segments).Select(segment => new ScanPosition(segment, segments, NextKey: null))];

    /// <summary>Scans.</summary>
    /// <param name="unfinished">The segments to scan, each from its position.</param>
    /// <param name="handler">Applies the pages.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    /// <exception cref="AmazonServiceException">A failure that a retry cannot fix: a missing table or
    /// permission.</exception>
    public async Task RunAsync(IReadOnlyList<ScanPosition> unfinished, IScanHandler handler, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(unfinished.Select(async position =>
        {
            try
            {
                await ScanAsync(position, handler, stop.Token);
            }
            catch
            {
                // A failure of one segment ends the run. What the others have committed stays, and the next
                // run continues from there.
                await stop.CancelAsync();
                throw;
            }
        }));
    }

    private async Task ScanAsync(ScanPosition position, IScanHandler handler, CancellationToken cancellationToken)
    {
        ScanPage page;
        do
        {
            page = await ReadAsync(position, cancellationToken);
            await handler.ApplyAsync(page, cancellationToken);
            position = page.Next;
        }
        while (!page.EndsSegment);
    }

    private async Task<ScanPage> ReadAsync(ScanPosition position, CancellationToken cancellationToken)
    {
        var limit = options.PageItems;
        for (var failures = 1; ; failures++)
        {
            while (_pace.Wait() is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            try
            {
                var page = await table.ReadAsync(position, limit, cancellationToken);
                _pace.Pay(page.Items.Count, page.CapacityUnits);
                return page;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && IsTransient(failure))
            {
                if (IsThrottle(failure))
                {
                    _pace.Throttled();
                }

                limit = Math.Max(Math.Min(SmallestPage, limit), limit / 2);
                LogRetry(failure, position.Segment, failures);
                await Task.Delay(Backoff(failures), time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Exponential backoff with jitter over half of it, so that segments do not retry together.
    /// </summary>
    private TimeSpan Backoff(int failures)
    {
        var full = Math.Min(options.LongestBackoff.TotalMilliseconds, options.FirstBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 20)));
        return TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    private static bool IsTransient(Exception failure) => failure switch
    {
        _ when IsThrottle(failure) => true,
        AmazonServiceException refused => (int)refused.StatusCode is 0 or >= 500,
        // An attempt that hits its own time limit also throws a cancellation.
        AmazonClientException or HttpRequestException or IOException or TimeoutException or OperationCanceledException => true,
        _ => false,
    };

    private static bool IsThrottle(Exception failure) =>
        failure is ProvisionedThroughputExceededException or RequestLimitExceededException
        || (failure is AmazonServiceException refused && refused.ErrorCode is "ThrottlingException" or "Throttling");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Segment {Segment} of the scan could not be read, try {Failures}")]
    private partial void LogRetry(Exception exception, int segment, int failures);
}
