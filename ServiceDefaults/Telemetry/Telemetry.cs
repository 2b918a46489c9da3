using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>Where services put their own spans and measurements.</summary>
public static class Telemetry
{
    /// <summary>The name of both, to be listened to.</summary>
    public const string Name = "Orders";

    /// <summary>
    /// The attribute that names a span's service, for services that share a process and with it the resource
    /// that spans are exported under.
    /// </summary>
    public const string ServiceTag = "orders.service";

    /// <summary>
    /// Spans of our own, for example a projection that continues the trace of the order's request.
    /// </summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Measurements of our own.</summary>
    public static Meter Meter { get; } = new(Name);
}
