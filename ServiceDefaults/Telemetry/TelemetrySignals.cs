using Microsoft.Extensions.Configuration;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// The signals of a service, or of the process that several services share. A signal without settings is not
/// collected.
/// </summary>
internal static class TelemetrySignals
{
    /// <summary>
    /// Sets the resource of the service. <c>OTEL_RESOURCE_ATTRIBUTES</c> and <c>OTEL_SERVICE_NAME</c> come
    /// last, so that they override our name and the random instance id.
    /// </summary>
    public static IOpenTelemetryBuilder ForService(this IOpenTelemetryBuilder telemetry, string serviceName) =>
        telemetry.ConfigureResource(resource => resource
            .AddService(serviceName, serviceVersion: typeof(TelemetrySignals).Assembly.GetName().Version?.ToString(3))
            .AddEnvironmentVariableDetector());

    public static IOpenTelemetryBuilder AddTraces(this IOpenTelemetryBuilder telemetry, TelemetrySettings settings, IConfiguration configuration) =>
        settings.Traces is not { } otlp
            ? telemetry
            : telemetry.WithTracing(tracing => tracing
                .SetSampler(settings.Sampler)
                .AddSource(Telemetry.Name)
                .AddAspNetCoreInstrumentation(RequestTags.Configure)
                .AddHttpClientInstrumentation()
                .AddNpgsql()
                .AddSource(RedisTracing.Source)
                .AddProcessor(PollFilter.Create(configuration))
                .AddOtlpExporter(otlp.Apply));

    public static IOpenTelemetryBuilder AddMetrics(this IOpenTelemetryBuilder telemetry, TelemetrySettings settings) =>
        settings.Metrics is not { } otlp
            ? telemetry
            : telemetry.WithMetrics(metrics => metrics
                .AddMeter(Telemetry.Name)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddNpgsqlInstrumentation()
                .AddOtlpExporter(otlp.Apply));

    public static IOpenTelemetryBuilder AddLogs(this IOpenTelemetryBuilder telemetry, TelemetrySettings settings) =>
        settings.Logs is not { } otlp
            ? telemetry
            : telemetry.WithLogging(
                logging => logging.AddOtlpExporter(otlp.Apply),
                options => (options.IncludeFormattedMessage, options.IncludeScopes) = (true, true));
}
