using System.Net;
using System.Net.Sockets;
using Orders.Local.Engines;

namespace Orders.Tests.Chaos;

/// <summary>An engine that can be killed and started again on the same port and data.</summary>
internal sealed class RestartableEngine(Func<EngineStart> describe, int port, DataFolder data) : IAsyncDisposable
{
    private const int Kill = 9;
    private EngineProcess? _process;

    public async Task StartAsync()
    {
        _process = await EngineProcess.StartAsync(describe(), data);
        await _process.UntilAsync(AnswersAsync, TimeSpan.FromSeconds(60), CancellationToken.None);
    }

    /// <summary>SIGKILL: no goodbye, no flush.</summary>
    public async Task KillAsync()
    {
        Native.Signal(_process!.Id, Kill);
        await _process.Exited;
        await _process.DisposeAsync();
    }

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
