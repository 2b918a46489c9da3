using System.Diagnostics.Metrics;
using Orders.ServiceDefaults.Telemetry;
using Orders.Warehouse.Ledger;

namespace Orders.Warehouse.Tables;

/// <summary>The metrics of the tables that SQL owns.</summary>
internal sealed class TablesMetrics
{
    // In seconds: the SDK's own buckets are for milliseconds.
    private static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] };

    private readonly Counter<long> _changes = Telemetry.Meter.CreateCounter<long>("orders.warehouse.sql.changes", "{change}", "Changes of SQL tables that were written into the lake");
    private readonly Counter<long> _misfits =
        Telemetry.Meter.CreateCounter<long>("orders.warehouse.sql.untyped", "{value}", "Values that their types in Parquet cannot hold; the row's text has them");

    private readonly Counter<long> _bytes = Telemetry.Meter.CreateCounter<long>("orders.warehouse.sql.written", "By", "Bytes of SQL tables' changes that were written into the lake");
    private readonly Counter<long> _gaps = Telemetry.Meter.CreateCounter<long>("orders.warehouse.slot.gaps", "{gap}", "Times that the replication slot had lost changes");
    private readonly Counter<long> _snapshots = Telemetry.Meter.CreateCounter<long>("orders.warehouse.sql.snapshots", "{snapshot}", "Snapshots of SQL tables");
    private readonly Histogram<double> _duration =
        Telemetry.Meter.CreateHistogram("orders.warehouse.sql.write.duration", "s", "Time to note, write and register a range of SQL tables' changes", tags: null, Durations);

    private readonly Gauge<long> _lag = Telemetry.Meter.CreateGauge<long>("orders.warehouse.slot.lag", "By", "Write-ahead log that Postgres keeps for the slot");
    private readonly Gauge<double> _delay = Telemetry.Meter.CreateGauge<double>("orders.warehouse.slot.delay", "s", "Since when not everything that was committed is stored");
    private readonly Gauge<int> _isInvalid = Telemetry.Meter.CreateGauge<int>("orders.warehouse.slot.invalid", "{slot}", "1 while the slot is missing or invalid");
    private readonly Gauge<int> _refused = Telemetry.Meter.CreateGauge<int>("orders.warehouse.sql.refused", "{table}", "Tables of the setting that cannot be read");

    /// <summary>A range is live.</summary>
    public void Written(IEnumerable<TableFile> files, IEnumerable<WrittenFile> written, TimeSpan took)
    {
        foreach (var file in files)
        {
            var log = new KeyValuePair<string, object?>("log", file.Log);
            _changes.Add(file.Rows.Count, log);
            _misfits.Add(file.Misfits, log);
        }

        _bytes.Add(written.Sum(file => file.Bytes));
        _duration.Record(took.TotalSeconds);
    }

    /// <summary>A gap was found.</summary>
    public void Gap(string reason) => _gaps.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A table has a snapshot.</summary>
    public void Snapshot(string log) => _snapshots.Add(1, new KeyValuePair<string, object?>("log", log));

    /// <summary>How the slot is now.</summary>
    public void Status(TablesStatus status)
    {
        var slot = new KeyValuePair<string, object?>("slot", status.Slot);
        _lag.Record(status.BytesBehind ?? 0, slot);
        _delay.Record(status.SecondsBehind ?? 0, slot);
        _isInvalid.Record(status is { Exists: true, Invalidation: null } ? 0 : 1, slot);
        _refused.Record(status.Tables.Count(table => table.State == TableState.Refused), slot);
    }
}
