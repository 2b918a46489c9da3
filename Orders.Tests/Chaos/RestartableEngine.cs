using System.Net;
using System.Net.Sockets;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Tests.Chaos;

/// <summary>An engine that can be killed and started again on the same port and data.</summary>
internal sealed class RestartableEngine(Func<EngineStart> describe, int port, DataFolder data) : IAsyncDisposable
{
    private const int Kill = 9;
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private EngineProcess? _process;

    /// <summary>
    /// Tries for a while: the sessions of a Postgres that was killed hold its memory until they notice.
    /// </summary>
    public async Task StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            _process = await EngineProcess.StartAsync(describe(), data);
            try
            {
                await _process.UntilAsync(AnswersAsync, TimeSpan.FromSeconds(60), CancellationToken.None);
                return;
            }
            catch (EngineException) when (_process.Exited.IsCompleted && attempt < Attempts)
            {
                await _process.DisposeAsync();
                await Task.Delay(Pause);
            }
        }
    }

    /// <summary>SIGKILL: no goodbye, no flush.</summary>
    public async Task KillAsync()
    {
        Native.Signal(_process!.Id, Kill);
        await _process.Exited;
        await _process.DisposeAsync();
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(int signal) => Native.Signal(_process!.Id, signal);

    public async Task RestartAsync(TimeSpan away)
    {
        await KillAsync();
        await Task.Delay(away);
        await StartAsync();
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
