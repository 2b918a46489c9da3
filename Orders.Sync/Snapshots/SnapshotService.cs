using Amazon.Runtime;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Begins snapshots when the rule requires one, and runs the open one, unless another instance does.
/// </summary>
internal sealed partial class SnapshotService(SnapshotControl snapshots, SnapshotRunner runner, SnapshotSettings settings, TimeProvider time, ILogger<SnapshotService> logger) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = settings.Interval;
            try
            {
                if (await snapshots.BeginWhereNeededAsync(stoppingToken) is { } snapshotId)
                {
                    await runner.TryRunAsync(snapshotId, scan: null, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException || PostgresFaults.IsNoAnswer(failure))
            {
                LogFailed(failure);
                pause = AfterFailure;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A snapshot failed; it goes on from where it was")]
    private partial void LogFailed(Exception exception);
}
