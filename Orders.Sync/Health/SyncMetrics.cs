using System.Diagnostics.Metrics;
using Orders.ServiceDefaults;
using Orders.Sync.Projection;

namespace Orders.Sync.Health;

/// <summary>What Orders.Sync measures of itself.</summary>
internal sealed class SyncMetrics
{
    // In seconds: the SDK's own buckets are for milliseconds.
    private static readonly InstrumentAdvice<double> Durations =
        new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] };

    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] };

    private readonly Counter<long> _records = Telemetry.Meter.CreateCounter<long>("orders.sync.records", "{record}", "Records of the stream that were applied");
    private readonly Counter<long> _deadLetters = Telemetry.Meter.CreateCounter<long>("orders.sync.dead_letters", "{record}", "Records that were set aside");
    private readonly Histogram<int> _batchSize = Telemetry.Meter.CreateHistogram("orders.sync.batch.size", "{record}", "Records in a batch", tags: null, Sizes);
    private readonly Histogram<double> _applyTime =
        Telemetry.Meter.CreateHistogram("orders.sync.apply.duration", "s", "Time to apply and commit a batch", tags: null, Durations);

    private readonly Histogram<double> _lag =
        Telemetry.Meter.CreateHistogram("orders.sync.lag", "s", "From the newest write in a batch to its commit here", tags: null, Durations);

    public void Committed(ChangeSet changes, int records, TimeSpan took, DateTimeOffset committed)
    {
        _records.Add(records);
        _batchSize.Record(records);
        _applyTime.Record(took.TotalSeconds);
        if (changes.LastChangeAt is { } last)
        {
            _lag.Record(Math.Max(0, (committed - last).TotalSeconds));
        }
    }

    public void SetAside(int records) => _deadLetters.Add(records);
}
