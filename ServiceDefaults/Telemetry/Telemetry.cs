using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>The services' own source of spans and meter.</summary>
public static class Telemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "Orders";

    /// <summary>
    /// The attribute with a span's service, for services that share a process and so its OpenTelemetry
    /// resource.
    /// </summary>
    public const string ServiceTag = "orders.service";

    /// <summary>
    /// Spans of our own, for example a projection that continues the trace of the order's request.
    /// </summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Measurements of our own.</summary>
    public static Meter Meter { get; } = new(Name);
}
