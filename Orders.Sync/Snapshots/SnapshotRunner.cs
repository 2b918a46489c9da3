using DynamoStreams.Snapshots;
using Npgsql;
using Orders.ServiceDefaults.Stores;
using Orders.Sync.Repair;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Runs a snapshot from its stored position to its end, as long as this instance holds its lease.
/// </summary>
internal sealed partial class SnapshotRunner(
    SnapshotStore store,
    ITablePages table,
    NpgsqlDataSource database,
    TableProjection projection,
    OrderRepair repair,
    SnapshotSweep sweep,
    DerivedTables derived,
    SnapshotSettings settings,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<SnapshotRunner>();

    /// <summary>Runs it, unless another instance does.</summary>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="scan">How to scan; null for the settings.</param>
    /// <param name="cancellationToken">Stops; committed work stays, and the next run continues from
    /// there.</param>
    /// <returns>Whether this call completed it. False when another instance runs it, or it was
    /// stopped.</returns>
    public async Task<bool> TryRunAsync(long snapshotId, ScanOptions? scan, CancellationToken cancellationToken)
    {
        if (await store.TryAcquireAsync(snapshotId, settings.Owner, settings.LeaseDuration, cancellationToken) is not { } lease)
        {
            return false;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(lease, stop);
        try
        {
            await RunAsync(lease, scan ?? settings.Scan, stop.Token);
            return true;
        }
        catch (Exception ended) when (!cancellationToken.IsCancellationRequested && (ended is SnapshotLostException || (ended is OperationCanceledException && stop.IsCancellationRequested)))
        {
            LogLost(snapshotId);
            return false;
        }
        finally
        {
            await stop.CancelAsync();
            await renewing;
            await TryReleaseAsync(lease);
        }
    }

    private async Task RunAsync(SnapshotLease lease, ScanOptions options, CancellationToken cancellationToken)
    {
        var unfinished = await store.ReadUnfinishedAsync(lease.SnapshotId, cancellationToken);
        LogRuns(lease.SnapshotId, lease.Kind, unfinished.Count);
        var pages = new SnapshotPages(lease, database, projection, repair, time, _logger);
        await new SegmentedScan(table, options, time, loggers.CreateLogger<SegmentedScan>()).RunAsync(unfinished, pages, cancellationToken);
        await sweep.RunAsync(lease, cancellationToken);
        if (lease.Kind == SnapshotKind.Rebuild)
        {
            await derived.RecomputeAsync(lease, cancellationToken);
        }

        var healed = await store.CompleteAsync(lease, cancellationToken);
        if (await store.ReadProgressAsync(lease.SnapshotId, kind: null, cancellationToken) is { } done)
        {
            LogCompleted(lease.SnapshotId, done.Items, done.Written, done.Replaced, done.Removed, done.Broken, healed);
        }
    }

    private async Task RenewAsync(SnapshotLease lease, CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(settings.Interval, time, stop.Token);
                try
                {
                    if (!await store.RenewAsync(lease, settings.LeaseDuration, stop.Token))
                    {
                        await stop.CancelAsync();
                    }
                }
                catch (Exception away) when (PostgresFaults.IsNoAnswer(away))
                {
                    // Only stops sooner; the fence is what protects.
                    LogNotRenewed(away, lease.SnapshotId);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    private async Task TryReleaseAsync(SnapshotLease lease)
    {
        try
        {
            await store.ReleaseAsync(lease, CancellationToken.None);
        }
        catch (Exception away) when (PostgresFaults.IsNoAnswer(away))
        {
            // Only a shortcut: the lease expires by itself.
            LogNotRenewed(away, lease.SnapshotId);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Snapshot {SnapshotId} ({Kind}): running, {Segments} segments to scan")]
    private partial void LogRuns(long snapshotId, SnapshotKind kind, int segments);

    [LoggerMessage(Level = LogLevel.Information, Message = "Snapshot {SnapshotId}: complete; {Items} items read, {Written} orders written, {Replaced} replaced, {Removed} removed, {Broken} broken, {Healed} gaps healed")]
    private partial void LogCompleted(long snapshotId, long items, long written, long replaced, long removed, long broken, int healed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Snapshot {SnapshotId}: stopped, or taken over by another instance")]
    private partial void LogLost(long snapshotId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Snapshot {SnapshotId}: its lease could not be renewed for now")]
    private partial void LogNotRenewed(Exception exception, long snapshotId);
}
