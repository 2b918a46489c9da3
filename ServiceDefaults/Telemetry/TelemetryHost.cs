using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// Exports the traces and metrics of a process that several services share. Activity sources and meters are
/// process-wide: if each service exported them, each would export those of all. Logs belong to a service,
/// which exports them itself.
/// </summary>
public sealed class TelemetryHost : IDisposable
{
    /// <summary>
    /// Set to <c>true</c> for services whose process calls <see cref="Start"/> once for all of them.
    /// </summary>
    public const string OwnedByProcessSetting = "Orders:Telemetry:OwnedByProcess";

    private readonly OpenTelemetrySdk _sdk;

    private TelemetryHost(OpenTelemetrySdk sdk) => _sdk = sdk;

    /// <summary>
    /// Starts exporting the signals that <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or their own variables
    /// configure; does nothing when they are not set.
    /// </summary>
    /// <param name="configuration">Where the <c>OTEL_*</c> settings are read.</param>
    /// <param name="serviceName">The service's name, unless <c>OTEL_SERVICE_NAME</c> is set.</param>
    /// <exception cref="SettingsException">An <c>OTEL_*</c> setting cannot be understood.</exception>
    public static TelemetryHost Start(IConfiguration configuration, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var settings = TelemetrySettings.Read(configuration);
        return new(OpenTelemetrySdk.Create(telemetry =>
        {
            telemetry.Services.AddSingleton(configuration);
            telemetry.ForService(serviceName).AddTraces(settings, configuration).AddMetrics(settings);
        }));
    }

    /// <summary>Exports the rest, for a second at most, and stops.</summary>
    public void Dispose()
    {
        LastExport.Run(_sdk.TracerProvider, _sdk.MeterProvider);
        _sdk.Dispose();
    }
}
