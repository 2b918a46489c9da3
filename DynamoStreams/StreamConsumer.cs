using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Reading;
using Microsoft.Extensions.Logging;

namespace DynamoStreams;

/// <summary>
/// Consumes a table's stream: finds its shards, leases those that may be read, runs a pump for each, and stops what it no longer owns.
/// Any number of instances may run side by side.
/// </summary>
/// <param name="api">The Streams API.</param>
/// <param name="leases">Where instances agree on who reads what.</param>
/// <param name="handler">Applies the records.</param>
/// <param name="options">What to consume, and how.</param>
/// <param name="time">The clock of waits; no lease is judged by it.</param>
/// <param name="logger">Where it reports to.</param>
public sealed partial class StreamConsumer(
    IStreamsApi api, ILeaseStore leases, IBatchHandler handler, StreamConsumerOptions options, TimeProvider time, ILogger<StreamConsumer> logger) : IDisposable
{
    // A stream that is missing from one listing may be an inconsistency of the service; from this many in a row it is gone.
    private const int ListingsUntilGone = 3;

    private readonly ReadAheadBudget _budget = new(options.ReadAheadBytes);
    private readonly Dictionary<(string, string), (ShardPump Pump, CancellationTokenSource Stop, Task Running)> _pumps = [];
    private readonly Dictionary<(string, string), int> _missing = [];
    private readonly SemaphoreSlim _shardEnded = new(0);
    private IReadOnlyList<ShardListing> _listings = [];
    private long _listedAt;

    /// <summary>What this instance has done so far.</summary>
    public ConsumerProgress Progress { get; } = new();

    /// <summary>Runs until it is stopped; then finishes what is being committed and gives its leases back.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var failures = 0; !cancellationToken.IsCancellationRequested;)
            {
                try
                {
                    await TurnAsync(cancellationToken);
                    failures = 0;
                    if (await _shardEnded.WaitAsync(options.RenewInterval, cancellationToken))
                    {
                        _listedAt = 0;
                    }
                }
                catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
                {
                    failures++;
                    LogTurnFailed(failure, failures);
                    await Task.Delay(PollingPolicy.Backoff(options.Polling, failures, Random.Shared.NextDouble()), time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped while waiting.
        }
        finally
        {
            await StopAllAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _shardEnded.Dispose();

    private async Task TurnAsync(CancellationToken cancellationToken)
    {
        await RenewAsync(cancellationToken);
        var isFreshListing = await ListWhenDueAsync(cancellationToken);
        var known = await leases.ListAsync(cancellationToken);
        var plan = ShardLineage.Plan(_listings, known);
        if (isFreshListing)
        {
            if (plan.Unknown.Count > 0)
            {
                await leases.AddAsync(plan.Unknown, cancellationToken);
                plan = ShardLineage.Plan(_listings, await leases.ListAsync(cancellationToken));
            }

            await EndVanishedAsync(plan.Vanished, cancellationToken);
            if (plan.Forgettable.Count > 0)
            {
                await leases.ForgetAsync(plan.Forgettable, cancellationToken);
            }

            Progress.Listed();
        }

        foreach (var shard in plan.Ready.Where(shard => shard.Free && !_pumps.ContainsKey((shard.StreamArn, shard.ShardId))))
        {
            if (await leases.TryAcquireAsync(shard, options.Owner, options.LeaseDuration, cancellationToken) is { } lease)
            {
                Start(lease);
            }
        }

        Progress.Holds(_pumps.Count);
    }

    private async Task<bool> ListWhenDueAsync(CancellationToken cancellationToken)
    {
        if (_listedAt != 0 && time.GetElapsedTime(_listedAt) < options.ListInterval && _listings.Count > 0)
        {
            return false;
        }

        _listings = await StreamListing.ReadAsync(api, options.TableName, cancellationToken);
        _listedAt = time.GetTimestamp();
        return true;
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, entry) in _pumps.Where(pump => pump.Value.Running.IsCompleted).ToList())
        {
            _pumps.Remove(key);
            entry.Stop.Dispose();
        }

        if (_pumps.Count == 0)
        {
            return;
        }

        var held = await leases.RenewAsync([.. _pumps.Values.Select(p => (p.Pump.Lease, p.Pump.IsCaughtUp))], options.LeaseDuration, cancellationToken);
        foreach (var (pump, stop, _) in _pumps.Values.Where(p => !held.Contains(p.Pump.Lease)))
        {
            LogLost(pump.Lease.ShardId);
            await stop.CancelAsync();
        }
    }

    /// <summary>
    /// Ends shards that the service no longer lists. A listing may be inconsistent for a moment, so the service is asked for the shard
    /// itself first; and a stream must be missing several times in a row.
    /// </summary>
    private async Task EndVanishedAsync(IReadOnlyList<ShardState> vanished, CancellationToken cancellationToken)
    {
        var streams = _listings.Select(listing => listing.StreamArn).ToHashSet(StringComparer.Ordinal);
        foreach (var key in _missing.Keys.Except(vanished.Select(shard => (shard.StreamArn, shard.ShardId))).ToList())
        {
            _missing.Remove(key);
        }

        foreach (var shard in vanished)
        {
            var key = (shard.StreamArn, shard.ShardId);
            var times = _missing[key] = _missing.GetValueOrDefault(key) + 1;
            var isGone = streams.Contains(shard.StreamArn) ? await IsGoneAsync(shard, cancellationToken) : times >= ListingsUntilGone;
            if (isGone)
            {
                LogVanished(shard.ShardId, shard.StreamArn);
                await leases.AbandonAsync(shard, "the shard vanished before it was read to its end", cancellationToken);
            }
        }
    }

    private async Task<bool> IsGoneAsync(ShardState shard, CancellationToken cancellationToken)
    {
        try
        {
            await api.GetShardIteratorAsync(shard.StreamArn, shard.ShardId, afterSequenceNumber: null, cancellationToken);
            return false;
        }
        catch (StreamsException gone) when (gone.Failure == StreamsFailure.NotFound)
        {
            return true;
        }
    }

    private void Start(ShardLease lease)
    {
        LogAcquired(lease.ShardId, lease.FencingToken, lease.Checkpoint ?? "TRIM_HORIZON");
        var reader = new ShardReader(api, leases, lease, options.Polling, _budget, time, logger);
        var pump = new ShardPump(reader, new BisectingApplier(handler, options.Polling, time, logger), _budget, lease, options.MaxBatch, Progress);
        var stop = new CancellationTokenSource();
        _pumps[(lease.StreamArn, lease.ShardId)] = (pump, stop, RunPumpAsync(pump, stop.Token));
    }

    private async Task RunPumpAsync(ShardPump pump, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var lease = pump.Lease;
        try
        {
            await pump.RunAsync(cancellationToken);
            LogEnded(lease.ShardId);
            _shardEnded.Release();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await TryReleaseAsync(lease);
        }
        catch (LeaseLostException)
        {
            LogLost(lease.ShardId);
        }
        catch (ShardGoneException gone)
        {
            LogVanished(lease.ShardId, lease.StreamArn);
            await TryAsync(() => leases.AbandonAsync(new ShardState(lease.StreamArn, lease.ShardId, null, false, true), gone.Message, CancellationToken.None));
            _shardEnded.Release();
        }
        catch (Exception failure)
        {
            // The lease is given back after a moment, so that this shard is tried again, here or elsewhere.
            LogPumpFailed(failure, lease.ShardId);
            await Task.Delay(options.Polling.LongestBackoff, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await TryReleaseAsync(lease);
        }
    }

    private Task TryReleaseAsync(ShardLease lease) => TryAsync(() => leases.ReleaseAsync(lease, CancellationToken.None));

    private async Task TryAsync(Func<Task> effect)
    {
        try
        {
            await effect();
        }
        catch (Exception failure)
        {
            // The lease runs out by itself; this was only to be quicker.
            LogTurnFailed(failure, 1);
        }
    }

    private async Task StopAllAsync()
    {
        await Task.WhenAll(_pumps.Values.Select(pump => pump.Stop.CancelAsync()));
        await Task.WhenAll(_pumps.Values.Select(pump => pump.Running));
        foreach (var pump in _pumps.Values)
        {
            pump.Stop.Dispose();
        }

        _pumps.Clear();
        Progress.Holds(0);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {ShardId}: leased under fencing token {FencingToken}, starting after {Checkpoint}")]
    private partial void LogAcquired(string shardId, long fencingToken, string checkpoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {ShardId}: read and applied to its end")]
    private partial void LogEnded(string shardId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: the lease is lost to another instance")]
    private partial void LogLost(string shardId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId} of {StreamArn} is gone before it was read to its end; the gap is written down")]
    private partial void LogVanished(string shardId, string streamArn);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: stopped by a failure, to be tried again")]
    private partial void LogPumpFailed(Exception exception, string shardId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking after leases and shards failed, try {Failures}")]
    private partial void LogTurnFailed(Exception exception, int failures);
}
