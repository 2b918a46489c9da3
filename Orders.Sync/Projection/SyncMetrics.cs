using System.Diagnostics.Metrics;
using Orders.ServiceDefaults.Telemetry;

namespace Orders.Sync.Projection;

/// <summary>The metrics of Orders.Sync.</summary>
internal sealed class SyncMetrics
{
    // In seconds: the SDK's own buckets are for milliseconds.
    private static readonly InstrumentAdvice<double> Durations =
        new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] };

    private static readonly InstrumentAdvice<double> Offsets =
        new() { HistogramBucketBoundaries = [0, 1, 2, 5, 10, 60, 300, 3_600, 86_400, 604_800, 31_536_000] };

    private static readonly KeyValuePair<string, object?> Ahead = new("direction", "ahead");
    private static readonly KeyValuePair<string, object?> Behind = new("direction", "behind");

    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] };

    private readonly Counter<long> _records = Telemetry.Meter.CreateCounter<long>("orders.sync.records", "{record}", "Records of the stream that were applied");
    private readonly Counter<long> _deadLetters = Telemetry.Meter.CreateCounter<long>("orders.sync.dead_letters", "{record}", "Records that were set aside");
    private readonly Histogram<int> _batchSize = Telemetry.Meter.CreateHistogram("orders.sync.batch.size", "{record}", "Records in a batch", tags: null, Sizes);
    private readonly Histogram<double> _applyTime =
        Telemetry.Meter.CreateHistogram("orders.sync.apply.duration", "s", "Time to apply and commit a batch", tags: null, Durations);

    private readonly Counter<long> _passedOver =
        Telemetry.Meter.CreateCounter<long>("orders.sync.passed_over", "{change}", "Changes that were not surely later than what was here, by cause; the table is asked");

    // The largest offset of each batch. Less than a second cannot be measured, since the stream's times are
    // whole seconds.
    private readonly Histogram<double> _writerClock =
        Telemetry.Meter.CreateHistogram("orders.sync.writer_clock.offset", "s", "How far a writer's time is ahead of the stream's or behind it", tags: null, Offsets);

    public void Committed(ChangeSet changes, int records, TimeSpan took)
    {
        _records.Add(records);
        _batchSize.Record(records);
        _applyTime.Record(took.TotalSeconds);
        if (changes.WriterOffset is { } offset)
        {
            _writerClock.Record(Math.Abs(offset.TotalSeconds), offset > TimeSpan.Zero ? Ahead : Behind);
        }
    }

    /// <summary>Counts changes that were passed over.</summary>
    /// <param name="changes">How many.</param>
    /// <param name="cause">Why.</param>
    public void PassedOver(int changes, string cause) => _passedOver.Add(changes, new KeyValuePair<string, object?>("cause", cause));

    public void SetAside(int records) => _deadLetters.Add(records);
}
