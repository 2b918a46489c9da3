using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Progress;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging;

namespace DynamoStreams;

/// <summary>
/// Consumes a table's stream: finds its shards, leases a fair share of those that may be read, runs a pump
/// for each, and stops the pumps of lost leases. Any number of instances may run in parallel.
/// </summary>
/// <param name="api">The Streams API.</param>
/// <param name="leases">The store in which instances share the shards.</param>
/// <param name="handler">Applies the records.</param>
/// <param name="options">What to consume, and how.</param>
/// <param name="time">The clock of waits; no lease is judged by it.</param>
/// <param name="logger">Where it reports to.</param>
public sealed partial class StreamConsumer(
    IStreamsApi api, ILeaseStore leases, IBatchHandler handler, StreamConsumerOptions options, TimeProvider time, ILogger<StreamConsumer> logger) : IDisposable
{
    private readonly StreamLister _lister = new(api, leases, options, time, logger);
    private readonly RunningShards _running = new(api, leases, handler, options, time, logger);
    private Task _listing = Task.CompletedTask;
    private Task _givingBack = Task.CompletedTask;

    /// <summary>What this instance has done so far.</summary>
    public ConsumerProgress Progress => _running.Progress;

    /// <summary>
    /// Runs until it is stopped; then finishes the current commits and releases its leases.
    /// </summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Progress.Began(time.GetUtcNow());
        var heartbeats = RepeatAsync(HeartbeatAsync, options.RenewInterval, wake: null, stop.Token);
        try
        {
            await RepeatAsync(TurnAsync, options.LookInterval, _running.Wake, stop.Token);
        }
        finally
        {
            await stop.CancelAsideAsync();

            // Heartbeats have stopped, so this must end before the leases expire: each is released when its
            // batch is done. The instance leaves the sharing first; otherwise the others would reserve the
            // released shards for it.
            await heartbeats;
            await TryAsync(leases.StandDownAsync);
            await _running.StopAsync();
            await _listing;
            await _givingBack;
            await TryAsync(leases.LeaveAsync);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();

    private async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        await leases.HeartbeatAsync(options.TableName, options.Owner, options.LeaseDuration, _running.Held, cancellationToken);
        Progress.Heartbeat(time.GetUtcNow());
    }

    private async Task TurnAsync(CancellationToken cancellationToken)
    {
        var view = await leases.LookAsync(options.TableName, cancellationToken);
        _running.Reconcile(view.Open);
        if (view.IsListed)
        {
            Progress.Listed();
        }

        // A release may wait for an open transaction, so it must not block the care of the other leases.
        if (_givingBack.IsCompleted)
        {
            _givingBack = _running.GiveBackAsync(view.Open, cancellationToken);
        }

        // A listing may take long (many pages, throttling), so it must not block the care of the leases.
        if (view.IsListingDue && _listing.IsCompleted)
        {
            _listing = ListAsync(cancellationToken);
        }

        var moves = FairShare.Decide(options.Owner, ShardLineage.Ready(view.Open), view.Instances, options.Patience);
        await TakeAsync([.. moves.Take.Where(shard => !_running.Contains(shard.Key))], cancellationToken);

        foreach (var shard in _running.IsStopping ? [] : moves.GiveUp)
        {
            LogGivesUp(shard.ShardId);
            _running.Stop(shard.Key);
        }
    }

    private async Task TakeAsync(List<ShardState> shards, CancellationToken cancellationToken)
    {
        if (shards.Count == 0)
        {
            return;
        }

        var wanted = shards.ToDictionary(shard => shard.Key);
        var taken = await leases.TryAcquireAsync(shards, options.Owner, options.LeaseDuration, cancellationToken);
        foreach (var lease in taken)
        {
            wanted.Remove(lease.Key, out var shard);
            LogAcquired(lease.ShardId, lease.FencingToken, lease.Checkpoint ?? "TRIM_HORIZON");
            _running.Start(lease, shard!.IsStreamGone);
        }

        if (taken.Count > 0 || wanted.Values.Any(shard => shard.Owner is null))
        {
            // Other instances act at the same time. The next round decides about the rest, from a new view.
            _running.Wake.Release();
        }

        foreach (var shard in wanted.Values.Where(shard => shard.Owner is not null && shard.FreeFor > options.RenewInterval))
        {
            // The last owner is dead, but its last transaction may still lock the shard.
            if (await leases.EvictAsync(shard, cancellationToken) is > 0 and var ended)
            {
                LogEvicted(shard.ShardId, ended);
                _running.Wake.Release();
            }
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _lister.ListWhenDueAsync(cancellationToken);
            _running.Wake.Release();
        }
        catch (Exception failure)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(failure, 1);
            }
        }
    }

    /// <summary>Repeats until it is stopped; a failure is retried after a wait.</summary>
    private async Task RepeatAsync(Func<CancellationToken, Task> effect, TimeSpan interval, SemaphoreSlim? wake, CancellationToken cancellationToken)
    {
        Task? waking = null;
        for (var failures = 0; !cancellationToken.IsCancellationRequested;)
        {
            var wait = interval;
            try
            {
                await effect(cancellationToken);
                failures = 0;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(failure, ++failures);
                options.OnFailure?.Invoke(failure);
                wait = PollingPolicy.Backoff(options.Polling, failures, options.Polling.Jitter());
            }
            catch (Exception)
            {
                return;
            }

            using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var waiting = BackgroundWork.DelayAsync(wait, time, woken.Token);
            waking ??= wake?.EnterAsync();
            await Task.WhenAny(waiting, waking ?? waiting);
            waking = waking is { IsCompleted: false } ? waking : null;
            await woken.CancelAsideAsync();
        }
    }

    private async Task TryAsync(Func<string, CancellationToken, Task> farewell)
    {
        try
        {
            await farewell(options.Owner, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // Only a shortcut: without heartbeats this instance and its leases expire by themselves.
            LogFailed(failure, 1);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {ShardId}: leased under fencing token {FencingToken}, starting after {Checkpoint}")]
    private partial void LogAcquired(string shardId, long fencingToken, string checkpoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {ShardId}: given up to an instance with fewer")]
    private partial void LogGivesUp(string shardId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: ended {Transactions} transactions of an owner that is gone")]
    private partial void LogEvicted(string shardId, long transactions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking after leases and shards failed, try {Failures}")]
    private partial void LogFailed(Exception exception, int failures);
}
