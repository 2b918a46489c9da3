using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Orders.ServiceDefaults;

/// <summary>
/// Exports the traces and metrics of a process over OTLP while it lives. Their sources are the platform's own and process wide, so that one of
/// these serves a whole process: a service has its own unless <see cref="OwnedByProcessSetting"/> says that the process has one for all its services.
/// Logs belong to a service, which exports them itself in both cases.
/// </summary>
public sealed class TelemetryHost : IDisposable
{
    /// <summary>
    /// Set to <c>true</c> for services that run in one process with others, whose host calls <see cref="Start"/> once;
    /// otherwise each of them would export the traces of all.
    /// </summary>
    public const string OwnedByProcessSetting = "Orders:Telemetry:OwnedByProcess";

    // A collector that is away must not hold up the end of a process.
    internal const int LastExportMilliseconds = 1_000;

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", Telemetry.Name];

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "Microsoft.AspNetCore.Diagnostics",
        "System.Net.Http", "System.Runtime", "Npgsql", Telemetry.Name,
    ];

    private readonly OpenTelemetrySdk? _sdk;

    private TelemetryHost(OpenTelemetrySdk? sdk) => _sdk = sdk;

    /// <summary>Starts exporting what <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or its signals' own variables ask for; does nothing when they are not set.</summary>
    /// <param name="configuration">Where the <c>OTEL_*</c> settings are read.</param>
    /// <param name="serviceName">The service's name, unless <c>OTEL_SERVICE_NAME</c> is set.</param>
    /// <exception cref="SettingsException">An <c>OTEL_*</c> setting cannot be understood.</exception>
    public static TelemetryHost Start(IConfiguration configuration, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var traces = OtlpSettings.Read(configuration, OtlpSettings.Traces);
        var metrics = OtlpSettings.Read(configuration, OtlpSettings.Metrics);
        // Not exported here, but this is where a wrong setting can be told.
        OtlpSettings.Read(configuration, OtlpSettings.Logs);
        if (traces is null && metrics is null)
            return new(null);

        var sampler = TraceSampler.Read(configuration);
        return new(OpenTelemetrySdk.Create(sdk =>
        {
            sdk.Services.AddSingleton(configuration);
            sdk.ConfigureResource(resource => TelemetryResource.Describe(resource, configuration, serviceName));
            if (traces is not null)
                sdk.WithTracing(tracing => tracing
                    .AddSource(Sources)
                    .SetSampler(sampler)
                    .AddProcessor(PollFilter.Create(configuration))
                    .AddOtlpExporter(traces.Apply));
            if (metrics is not null)
                sdk.WithMetrics(metering => metering.AddMeter(Meters).AddOtlpExporter(metrics.Apply));
        }));
    }

    /// <summary>Exports what is left, for a second at most, and stops.</summary>
    public void Dispose()
    {
        if (_sdk is null)
            return;
        Parallel.Invoke(
            () => _sdk.TracerProvider.Shutdown(LastExportMilliseconds),
            () => _sdk.MeterProvider.Shutdown(LastExportMilliseconds));
        _sdk.Dispose();
    }
}
