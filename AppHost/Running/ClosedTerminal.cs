using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>
/// A closed terminal stops AppHost in order, as Ctrl-C does. The host knows Ctrl-C and SIGTERM, and would
/// die of this one.
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
