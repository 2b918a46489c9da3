using System.Diagnostics.Metrics;
using Orders.ServiceDefaults.Telemetry;
using Orders.Warehouse.Ledger;

namespace Orders.Warehouse.Consuming;

/// <summary>The metrics of the side that reads the stream.</summary>
internal sealed class WarehouseMetrics
{
    // In seconds: the SDK's own buckets are for milliseconds.
    private static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] };

    private readonly Counter<long> _changes = Telemetry.Meter.CreateCounter<long>("orders.warehouse.changes", "{change}", "Changes that were written into the lake");
    private readonly Counter<long> _refused = Telemetry.Meter.CreateCounter<long>("orders.warehouse.quarantined", "{record}", "Records that cannot be typed and went to the quarantine");
    private readonly Counter<long> _files = Telemetry.Meter.CreateCounter<long>("orders.warehouse.files", "{file}", "Files that were written into the lake");
    private readonly Counter<long> _bytes = Telemetry.Meter.CreateCounter<long>("orders.warehouse.written", "By", "Bytes that were written into the lake");
    private readonly Histogram<double> _duration =
        Telemetry.Meter.CreateHistogram("orders.warehouse.write.duration", "s", "Time to note, write and register the files of a range", tags: null, Durations);

    /// <summary>A range is live.</summary>
    /// <param name="range">Its records.</param>
    /// <param name="files">Its files.</param>
    /// <param name="took">How long that took.</param>
    public void Written(IReadOnlyCollection<LogEntry> range, IReadOnlyCollection<WrittenFile> files, TimeSpan took)
    {
        _changes.Add(range.Count(entry => entry.Row is not null));
        _refused.Add(range.Count(entry => entry.Refused is not null));
        _files.Add(files.Count);
        _bytes.Add(files.Sum(file => file.Bytes));
        _duration.Record(took.TotalSeconds);
    }
}
