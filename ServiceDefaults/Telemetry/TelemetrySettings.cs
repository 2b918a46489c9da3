using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// The <c>OTEL_*</c> settings: the export of each signal, null for none, and the sampling of traces.
/// </summary>
internal sealed record TelemetrySettings(OtlpSettings? Traces, OtlpSettings? Metrics, OtlpSettings? Logs, Sampler Sampler)
{
    /// <exception cref="SettingsException">A value cannot be understood.</exception>
    public static TelemetrySettings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, section: "", settings => new TelemetrySettings(
        OtlpSettings.Read(settings, OtlpSettings.Traces),
        OtlpSettings.Read(settings, OtlpSettings.Metrics),
        OtlpSettings.Read(settings, OtlpSettings.Logs),
        TraceSampler.Read(settings)));

    /// <summary>
    /// Null when a value cannot be understood, which <see cref="TelemetryCheck"/> reports at the start.
    /// </summary>
    public static TelemetrySettings? TryRead(IConfiguration configuration)
    {
        try
        {
            return Read(configuration);
        }
        catch (SettingsException)
        {
            return null;
        }
    }
}
