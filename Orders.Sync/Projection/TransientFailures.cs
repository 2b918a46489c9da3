using DynamoStreams.Applying;

namespace Orders.Sync.Projection;

/// <summary>
/// Retries transient failures that are not caused by the rows: an unavailable database, a deadlock, a gate
/// that did not close in time.
/// </summary>
internal static partial class TransientFailures
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private const int LongestPause = 50;

    /// <summary>Runs until it succeeds or fails in another way.</summary>
    /// <param name="write">One transaction, or several idempotent ones.</param>
    /// <param name="time">The clock of waits.</param>
    /// <param name="logger">Logs every failure.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task RetryAsync(Func<Task> write, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && ProjectionFailures.Classify(failure) is FailureKind.Passing or FailureKind.Slow)
            {
                LogRetry(logger, failure, failures);
                await Task.Delay(FirstPause * Math.Min(failures, LongestPause), time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rows could not be written from the table for now, try {Failures}")]
    private static partial void LogRetry(ILogger logger, Exception exception, int failures);
}
