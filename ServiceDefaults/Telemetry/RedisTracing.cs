using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Instrumentation.StackExchangeRedis;
using OpenTelemetry.Trace;
using Orders.ServiceDefaults.Stores;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// Traces the commands of a service's Redis connection, once that is made in the background. The
/// instrumentation belongs to a connection, and so to one service, even if services share a process and its
/// exporter. It makes spans from the client's measurements, after the command.
/// </summary>
internal sealed class RedisTracing(IServiceProvider services) : BackgroundService
{
    public const string Source = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    // The default is ten seconds, in which a trace would lack its Redis spans.
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    public static void AddTo(IServiceCollection services)
    {
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddRedisInstrumentation(options =>
        {
            options.FlushInterval = FlushInterval;
            options.EnrichActivityWithTimingEvents = false;
            // Filters like PollFilter. These spans are made after their parent has ended, so they cannot see
            // it.
            options.Filter = command => command.ParentActivity is { Recorded: true };
        }));
        services.AddHostedService<RedisTracing>();
    }

    /// <summary>
    /// Makes the spans of the commands since the last flush. For the end: later commands have no span.
    /// </summary>
    public static void Finish(IServiceProvider services) => services.GetService<StackExchangeRedisInstrumentation>()?.Dispose();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<IRedis>() is { } redis && await redis.Connection.WaitAsync(stoppingToken) is { } connection)
        {
            services.GetRequiredService<StackExchangeRedisInstrumentation>().AddConnection(connection);
        }
    }
}
