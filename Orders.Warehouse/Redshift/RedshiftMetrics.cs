using System.Diagnostics.Metrics;
using Orders.ServiceDefaults.Telemetry;

namespace Orders.Warehouse.Redshift;

/// <summary>The metrics of the loads.</summary>
internal sealed class RedshiftMetrics
{
    private readonly Counter<long> _files = Telemetry.Meter.CreateCounter<long>("orders.warehouse.redshift.files", "{file}", "Files that were loaded into Redshift");
    private readonly Counter<long> _failures = Telemetry.Meter.CreateCounter<long>("orders.warehouse.redshift.failures", "{load}", "Loads that failed, or that left a file out");
    private readonly Gauge<double> _age = Telemetry.Meter.CreateGauge<double>("orders.warehouse.redshift.age", "s", "Time since the last load that left nothing out");
    private readonly Gauge<long> _setAside = Telemetry.Meter.CreateGauge<long>("orders.warehouse.redshift.set_aside", "{file}", "Files that cannot be loaded and were set aside");

    /// <summary>Files are loaded.</summary>
    public void Loaded(int files) => _files.Add(files);

    /// <summary>A load failed.</summary>
    public void Failed() => _failures.Add(1);

    /// <summary>How Redshift is now.</summary>
    /// <param name="age">Since the last load that left nothing out.</param>
    /// <param name="setAside">Files that are set aside.</param>
    public void Status(TimeSpan age, long setAside)
    {
        _age.Record(age.TotalSeconds);
        _setAside.Record(setAside);
    }
}
