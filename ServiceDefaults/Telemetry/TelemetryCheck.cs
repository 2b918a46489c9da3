using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// Stops the start for an invalid <c>OTEL_*</c> setting. The SDK would log it to an event source and export
/// nothing.
/// </summary>
internal sealed class TelemetryCheck(IConfiguration configuration) : ISettingsCheck
{
    public void Check() => TelemetrySettings.Read(configuration);
}
