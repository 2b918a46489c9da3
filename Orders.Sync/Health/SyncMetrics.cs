using System.Diagnostics.Metrics;
using Orders.ServiceDefaults;
using Orders.Sync.Projection;

namespace Orders.Sync.Health;

/// <summary>What Orders.Sync measures of itself.</summary>
internal sealed class SyncMetrics
{
    private readonly Counter<long> _records = Telemetry.Meter.CreateCounter<long>("orders.sync.records", "{record}", "Records of the stream that were applied");
    private readonly Counter<long> _deadLetters = Telemetry.Meter.CreateCounter<long>("orders.sync.dead_letters", "{record}", "Records that were set aside");
    private readonly Histogram<int> _batchSize = Telemetry.Meter.CreateHistogram<int>("orders.sync.batch.size", "{record}", "Records in a batch");
    private readonly Histogram<double> _applyTime = Telemetry.Meter.CreateHistogram<double>("orders.sync.apply.duration", "s", "Time to apply and commit a batch");
    private readonly Histogram<double> _lag = Telemetry.Meter.CreateHistogram<double>("orders.sync.lag", "s", "From the newest write in a batch to its commit here");

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
