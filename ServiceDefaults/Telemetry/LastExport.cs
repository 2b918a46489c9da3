using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// Exports the rest when everything else has stopped. Disposal alone would wait five seconds for a collector
/// that does not answer.
/// </summary>
internal sealed class LastExport(IServiceProvider services) : IHostedLifecycleService
{
    private const int LimitMilliseconds = 1_000;

    public static void Run(TracerProvider? traces, MeterProvider? metrics, LoggerProvider? logs = null) =>
        Parallel.Invoke(
            () => traces?.Shutdown(LimitMilliseconds),
            () => metrics?.Shutdown(LimitMilliseconds),
            () => logs?.Shutdown(LimitMilliseconds));

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.Run(Finish, CancellationToken.None);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Finish()
    {
        RedisTracing.Finish(services);
        Run(services.GetService<TracerProvider>(), services.GetService<MeterProvider>(), services.GetService<LoggerProvider>());
    }
}
