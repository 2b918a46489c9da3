using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Instrumentation.StackExchangeRedis;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Orders.ServiceDefaults;

/// <summary>
/// Spans of Redis commands. The instrumentation belongs to a connection, and thereby to a service, also where services share a process and what exports
/// its spans. The client keeps what it measured of a command, and the span is made of it afterwards.
/// </summary>
internal static class RedisTracing
{
    public const string Source = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    // Ten seconds by default: a trace would miss its Redis part for as long.
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    public static void AddRedisTracing(this IServiceCollection services) =>
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddRedisInstrumentation(options =>
            (options.FlushInterval, options.EnrichActivityWithTimingEvents) = (FlushInterval, false)));

    /// <summary>What a new connection is to be given to; null where no traces are exported.</summary>
    public static Action<IConnectionMultiplexer>? Instrument(IServiceProvider services) =>
        services.GetService<StackExchangeRedisInstrumentation>() is { } instrumentation ? connection => instrumentation.AddConnection(connection) : null;

    /// <summary>Makes the spans of the commands that were sent since the last time. For the end: what is sent later has no span.</summary>
    public static void Finish(IServiceProvider services) => services.GetService<StackExchangeRedisInstrumentation>()?.Dispose();
}
