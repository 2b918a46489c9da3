using System.Diagnostics.Metrics;
using DynamoStreams;
using Npgsql;
using Orders.ServiceDefaults;
using Orders.Sync.Operations;

namespace Orders.Sync.Health;

/// <summary>
/// What waits to be looked after, as gauges: gaps, dead letters and cache repairs from Postgres, every few seconds; leases and polls from this
/// instance's consumer, when they are asked for.
/// </summary>
internal sealed partial class Backlog : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly StatusReader _reader;
    private readonly TimeProvider _time;
    private readonly ILogger<Backlog> _logger;

    // One of its own: the gauges end with this service, also where the process goes on.
    private readonly Meter _meter = new(Telemetry.Name);
    private volatile SyncStatus? _latest;

    public Backlog(StatusReader reader, StreamConsumer consumer, TimeProvider time, ILogger<Backlog> logger)
    {
        (_reader, _time, _logger) = (reader, time, logger);
        var progress = consumer.Progress;
        _meter.CreateObservableGauge("orders.sync.gaps.open", () => Of(status => status.Gaps.Open), "{gap}", "Parts of the stream that were lost and are not healed yet");
        _meter.CreateObservableGauge("orders.sync.dead_letters.open", () => Of(status => status.DeadLetters.Failed), "{record}", "Records set aside that wait for a redrive or a discard");
        _meter.CreateObservableGauge("orders.sync.dead_letters.waiting", () => Of(status => status.DeadLetters.Waiting), "{record}", "Records of the same items that wait behind them");
        _meter.CreateObservableGauge("orders.sync.cache_repairs.open", () => Of(status => status.CacheRepairs.Entries), "{batch}", "Batches that Redis may lack");
        _meter.CreateObservableGauge("orders.sync.leases", () => progress.ShardsHeld, "{shard}", "Shards that this instance holds");
        _meter.CreateObservableGauge("orders.sync.stalled", () => progress.StalledFor(time.GetUtcNow()).TotalSeconds, "s", "How long the worst shard was behind without progress");
        _meter.CreateObservableCounter("orders.sync.polls", () => progress.Shards.Sum(shard => shard.Polls), "{call}", "Calls of GetRecords for the shards held now");
        _meter.CreateObservableCounter("orders.sync.polls.idle", () => progress.Shards.Sum(shard => shard.IdlePolls), "{call}", "Calls of GetRecords that brought nothing, for the shards held now");
    }

    /// <summary>As of the last look; null before the first.</summary>
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
                _latest = await _reader.ReadAsync(stoppingToken);
            }
            catch (NpgsqlException away)
            {
                LogAway(away.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<long>> Of(Func<SyncStatus, long> count) => _latest is { } status ? [new(count(status))] : [];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The backlog cannot be read: {Reason}")]
    private partial void LogAway(string reason);
}
