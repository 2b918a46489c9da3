using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Instrumentation.StackExchangeRedis;
using OpenTelemetry.Trace;
using Orders.ServiceDefaults.Stores;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// Traces the commands of a service's Redis connection, once that is made in the background. The
/// instrumentation belongs to a connection, and thereby to a service, also where services share a process
/// and what exports its spans. It makes a span of what the client measured, after the command.
/// </summary>
internal sealed class RedisTracing(IServiceProvider services) : BackgroundService
{
    public const string Source = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    // Ten seconds by default: a trace would miss its Redis part for as long.
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    public static void AddTo(IServiceCollection services)
    {
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddRedisInstrumentation(options =>
        {
            options.FlushInterval = FlushInterval;
            options.EnrichActivityWithTimingEvents = false;
            // As PollFilter does. These spans are made when their parent has ended and is no longer known to
            // them.
            options.Filter = command => command.ParentActivity is { Recorded: true };
        }));
        services.AddHostedService<RedisTracing>();
    }

    /// <summary>
    /// Makes the spans of the commands that were sent since the last time. For the end: what is sent later
    /// has no span.
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
