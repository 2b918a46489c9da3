using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>
/// Makes a closed terminal (SIGHUP) a graceful shutdown, as Ctrl-C is. The host handles only Ctrl-C and
/// SIGTERM; SIGHUP would kill it.
/// </summary>
internal sealed class ClosedTerminal(IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    private PosixSignalRegistration? _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            lifetime.StopApplication();
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();
}
