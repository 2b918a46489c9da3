using System.Diagnostics.Metrics;
using Orders.ServiceDefaults.Telemetry;

namespace Orders.Warehouse.Status;

/// <summary>What the alarms look at.</summary>
internal sealed class StatusMetrics
{
    private readonly Gauge<double> _age = Telemetry.Meter.CreateGauge<double>("orders.warehouse.age", "s", "Time since when not everything that was changed is in the lake");
    private readonly Gauge<long> _quarantine = Telemetry.Meter.CreateGauge<long>("orders.warehouse.quarantine", "{record}", "Records in the quarantine");

    /// <summary>How the warehouse is now. An age that is not known is not told.</summary>
    public void Status(WarehouseStatus status)
    {
        if (status.Stream.SecondsBehind is { } seconds)
        {
            _age.Record(seconds);
        }

        _quarantine.Record(status.Quarantine.Records);
    }
}
