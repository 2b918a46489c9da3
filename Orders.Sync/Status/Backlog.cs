using System.Diagnostics.Metrics;
using DynamoStreams;
using DynamoStreams.Progress;
using Orders.ServiceDefaults.Stores;
using Orders.ServiceDefaults.Telemetry;

namespace Orders.Sync.Status;

/// <summary>
/// Gauges of open work and of the read model's lag. They are read from Postgres every few seconds, so they
/// are the same on each instance. Leases and polls come from this instance's consumer when the gauges are
/// read.
/// </summary>
internal sealed partial class Backlog : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // One late sample is no sign of lag. After this time the lag grows from the last sample.
    private static readonly TimeSpan MayBeLate = 2 * Interval;

    private readonly StatusReader _reader;
    private readonly ShardsLook _look;
    private readonly TimeProvider _time;
    private readonly ILogger<Backlog> _logger;

    // An own meter, so that the gauges end with this service even if the process continues.
    private readonly Meter _meter = new(Telemetry.Name);
    private volatile SyncStatus? _latest;
    private volatile Sample _shards;

    public Backlog(StatusReader reader, ShardsLook sample, StreamConsumer consumer, TimeProvider time, ILogger<Backlog> logger)
    {
        (_reader, _look, _time, _logger) = (reader, sample, time, logger);
        var progress = consumer.Progress;

        // Before the first sample the lag counts from the start.
        _shards = new Sample(time.GetTimestamp(), TimeSpan.Zero, TimeSpan.Zero, KnowsShards: false);
        _meter.CreateObservableGauge("orders.sync.gaps.open", () => Of(status => status.Gaps.Open), "{gap}", "Parts of the stream that were lost and are not healed yet");
        _meter.CreateObservableGauge("orders.sync.dead_letters.open", () => Of(status => status.DeadLetters.Failed), "{record}", "Records set aside that wait for a redrive or a discard");
        _meter.CreateObservableGauge("orders.sync.dead_letters.waiting", () => Of(status => status.DeadLetters.Waiting), "{record}", "Records of the same items that wait behind them");
        _meter.CreateObservableGauge("orders.sync.cache_repairs.open", () => Of(status => status.CacheRepairs.Entries), "{batch}", "Batches that Redis may lack");
        _meter.CreateObservableGauge("orders.sync.doubts.open", () => Of(status => status.Doubts.Orders), "{order}", "Orders that are to be looked up in the table, since it is not clear which change is later");
        _meter.CreateObservableGauge("orders.sync.leases", () => progress.ShardsHeld, "{shard}", "Shards that this instance holds");
        _meter.CreateObservableGauge("orders.sync.lag", () => Now(sample => sample.Lag).TotalSeconds, "s", "How long ago everything in the stream was known to be here, whoever reads it");
        _meter.CreateObservableGauge("orders.sync.stalled", () => Stalled(progress).TotalSeconds, "s", "How long the worst shard was behind without progress, or not read, whoever reads it");
        _meter.CreateObservableCounter("orders.sync.polls", () => progress.Shards.Sum(shard => shard.Polls), "{call}", "Calls of GetRecords for the shards held now");
        _meter.CreateObservableCounter("orders.sync.polls.idle", () => progress.Shards.Sum(shard => shard.IdlePolls), "{call}", "Calls of GetRecords that brought nothing, for the shards held now");
    }

    /// <summary>The meter of its gauges: several instances may run in one process.</summary>
    internal Meter Meter => _meter;

    /// <summary>The last sample; null before the first.</summary>
    public SyncStatus? Latest => _latest;

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
                _latest = await _reader.ReadAsync(stoppingToken);
            }
            catch (Exception away) when (PostgresFaults.IsNoAnswer(away))
            {
                LogAway(away.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var at = _time.GetTimestamp();
        if (await _look.ReadAsync(cancellationToken) is not { } shards)
        {
            return;
        }

        // Without an open shard, or with an old listing, unknown shards may exist.
        var unlisted = shards.SinceListing > ShardsState.ListingHolds ? shards.SinceListing.Value : TimeSpan.Zero;
        if (shards.Lag is { } lag)
        {
            _shards = new(at, Longer(lag, unlisted), Longer(shards.Silence, unlisted), KnowsShards: true);
        }
        else if (shards.SinceEnd is { } sinceEnd)
        {
            _shards = new(at, Longer(sinceEnd, unlisted), Longer(sinceEnd, unlisted), KnowsShards: true);
        }
    }

    private TimeSpan Now(Func<Sample, TimeSpan> what)
    {
        var sample = _shards;
        var since = _time.GetElapsedTime(sample.At);
        return what(sample) + (sample.KnowsShards && since <= MayBeLate ? TimeSpan.Zero : since);
    }

    private TimeSpan Stalled(ConsumerProgress progress)
    {
        var now = _time.GetUtcNow();
        return Longer(Now(sample => sample.Silence), Longer(progress.StalledFor(now), progress.ReadsFailFor(now)));
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>One sample.</summary>
    private sealed record Sample(long At, TimeSpan Lag, TimeSpan Silence, bool KnowsShards);

    private IEnumerable<Measurement<long>> Of(Func<SyncStatus, long> count) => _latest is { } status ? [new(count(status))] : [];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The backlog cannot be read: {Reason}")]
    private partial void LogAway(string reason);
}
