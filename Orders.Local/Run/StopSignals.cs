using System.Runtime.InteropServices;

namespace Orders.Local.Run;

/// <summary>
/// Ctrl-C, SIGTERM and a closed terminal request a graceful shutdown. A second signal ends the process at
/// once, and kills its engines.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private const int KilledByUser = 130;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignals()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
        }
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>Requests a stop for another reason than a signal.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_stop.IsCancellationRequested)
        {
            Environment.Exit(KilledByUser);
        }

        _stop.Cancel();
    }
}
