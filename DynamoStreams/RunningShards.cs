using System.Collections.Concurrent;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Listing;
using DynamoStreams.Progress;
using DynamoStreams.Reading;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging;

namespace DynamoStreams;

/// <summary>
/// The shards that this instance holds, each with its pump, from the lease to the end of the pump.
/// </summary>
internal sealed partial class RunningShards(
    IStreamsApi api, ILeaseStore leases, IBatchHandler handler, StreamConsumerOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly ChildFilter _filter = new();
    private readonly ReadAheadBudget _budget = new(options.ReadAheadBytes);
    private readonly ConcurrentDictionary<ShardKey, (ShardPump Pump, CancellationTokenSource Stop, Task Running)> _pumps = [];

    /// <summary>
    /// Released when a pump has ended or a listing is done: there may be new shards to read.
    /// </summary>
    public SemaphoreSlim Wake { get; } = new(0);

    public ConsumerProgress Progress { get; } = new();

    public IReadOnlyList<(ShardLease Lease, TimeSpan? CaughtUp)> Held =>
        [.. _pumps.Values.Where(entry => !entry.Running.IsCompleted).Select(entry => (entry.Pump.Lease, entry.Pump.CaughtUp))];

    /// <summary>Whether a shard is being stopped. Until its lease is released it counts as held.</summary>
    public bool IsStopping => _pumps.Values.Any(entry => entry.Stop.IsCancellationRequested && !entry.Running.IsCompleted);

    public bool Contains(ShardKey key) => _pumps.ContainsKey(key);

    public void Start(ShardLease lease, bool endsWhenEmpty)
    {
        var budget = _budget.Open();
        var search = new EndSearch(api, leases, lease.Key, options.ListingPace, _filter, time, logger);
        var reader = new ShardReader(new WatchedReads(api, lease.Key, Progress, time), leases, lease, options.Polling, budget, search, time, logger);
        var pump = new ShardPump(reader, search, new BisectingApplier(handler, options.Polling, Progress, time, logger), budget, lease, options.Bounds, Progress, time);
        if (endsWhenEmpty)
        {
            pump.EndWhenEmpty();
        }

        var stop = new CancellationTokenSource();
        _pumps[lease.Key] = (pump, stop, RunAsync(pump, stop.Token));
    }

    /// <summary>Stops a shard's pump, which then releases its lease.</summary>
    public void Stop(ShardKey key)
    {
        if (_pumps.TryGetValue(key, out var entry))
        {
            entry.Stop.Cancel();
        }
    }

    /// <summary>Removes pumps that have ended, and stops those whose lease another instance holds.</summary>
    public void Reconcile(IReadOnlyList<ShardState> open)
    {
        foreach (var (key, entry) in _pumps.Where(entry => entry.Value.Running.IsCompleted))
        {
            _pumps.TryRemove(key, out _);
            entry.Stop.Dispose();
        }

        foreach (var shard in open)
        {
            if (shard.ParentKey is { } parent && _pumps.TryGetValue(parent, out var parents))
            {
                parents.Pump.ChildIsKnown();
            }

            if (!_pumps.TryGetValue(shard.Key, out var entry))
            {
                continue;
            }

            entry.Pump.GetsNoMore(shard.GetsNoMore);
            if (shard.FencingToken > entry.Pump.Lease.FencingToken)
            {
                LogLost(shard.ShardId);
                entry.Stop.Cancel();
            }
            else if (shard.IsStreamGone)
            {
                entry.Pump.EndWhenEmpty();
            }
        }

        Progress.Holds([.. _pumps.Values.Select(entry => entry.Pump.Progress())]);
    }

    /// <summary>
    /// Releases leases of this instance without a pump: the response to a release or an acquire was lost.
    /// </summary>
    public async Task GiveBackAsync(IReadOnlyList<ShardState> open, CancellationToken cancellationToken)
    {
        // The view may be older than a pump's end. Then the fencing token or the finished shard makes this a
        // no-op.
        foreach (var shard in open.Where(shard => shard.Owner == options.Owner && !Contains(shard.Key)).ToList())
        {
            await TryAsync(() => leases.ReleaseAsync(new ShardLease(shard.StreamArn, shard.ShardId, shard.FencingToken, Checkpoint: null), cancellationToken));
        }
    }

    public async Task StopAsync()
    {
        await Task.WhenAll(_pumps.OrderBy(entry => entry.Key.ShardId, StringComparer.Ordinal).Select(entry => entry.Value.Stop.CancelAsideAsync()));
        await Task.WhenAll(_pumps.Values.Select(entry => entry.Running));
        Reconcile([]);
    }

    public void Dispose() => Wake.Dispose();

    private async Task RunAsync(ShardPump pump, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var lease = pump.Lease;
        try
        {
            await pump.RunAsync(cancellationToken);
            LogEnded(lease.ShardId);
            if (pump.LacksChildren)
            {
                await TryAsync(ListSoonAsync);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await TryAsync(() => leases.ReleaseAsync(lease, CancellationToken.None));
        }
        catch (LeaseLostException)
        {
            LogLost(lease.ShardId);
        }
        catch (ShardGoneException gone)
        {
            LogGone(lease.ShardId, lease.StreamArn);
            await TryAsync(() => leases.AbandonAsync(lease, $"the shard vanished before it was read to its end: {gone.Message}", CancellationToken.None));
            await TryAsync(ListSoonAsync);
        }
        catch (Exception failure)
        {
            // The lease is released after a pause, so that the shard is retried, here or by another
            // instance.
            LogFailed(failure, lease.ShardId);
            await Task.Delay(options.Polling.LongestBackoff, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await TryAsync(() => leases.ReleaseAsync(lease, CancellationToken.None));
        }

        Wake.Release();
    }

    private Task ListSoonAsync() => leases.ListWithinAsync(options.TableName, TimeSpan.Zero, CancellationToken.None);

    private async Task TryAsync(Func<Task> effect)
    {
        try
        {
            await effect();
        }
        catch (Exception failure)
        {
            // Only a shortcut: the next round releases a lease without a pump, and the next listing finds
            // children.
            LogSlower(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {ShardId}: read and applied to its end")]
    private partial void LogEnded(string shardId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: the lease is lost to another instance")]
    private partial void LogLost(string shardId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId} of {StreamArn} is gone before it was read to its end; the gap is written down")]
    private partial void LogGone(string shardId, string streamArn);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: stopped by a failure, to be tried again")]
    private partial void LogFailed(Exception exception, string shardId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A hand-over or a search for children failed; it happens by itself a little later")]
    private partial void LogSlower(Exception exception);
}
