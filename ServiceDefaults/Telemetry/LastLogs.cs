using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;

namespace Orders.ServiceDefaults;

/// <summary>
/// Exports the logs that are left when everything else has stopped, for as long as <see cref="TelemetryHost"/> takes for the rest. Without it the
/// provider's own disposal would wait five seconds for a collector that hangs.
/// </summary>
internal sealed class LastLogs(LoggerProvider logs) : IHostedLifecycleService
{
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.Run(() => logs.Shutdown(TelemetryHost.LastExportMilliseconds), CancellationToken.None);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
