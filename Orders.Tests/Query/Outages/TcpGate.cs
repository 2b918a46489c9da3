using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Orders.Tests.Query;

/// <summary>A way to an engine that can be shut and opened again, or be left open with nothing coming through.</summary>
internal sealed class TcpGate : IAsyncDisposable
{
    private readonly IPEndPoint _engine;
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private volatile TaskCompletionSource? _stalled;
    private TcpListener _listener;

    public TcpGate(string host, int port)
    {
        _engine = new(IPAddress.Parse(host), port);
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    /// <summary>Cuts every connection and refuses new ones.</summary>
    public void Shut()
    {
        _listener.Stop();
        Resume();
        foreach (var socket in _open.Keys)
            socket.Close(timeout: 0);
    }

    public void Open() => _listener = Listen(Port);

    /// <summary>Connections stand, and nothing is answered.</summary>
    public void Stall() => _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume()
    {
        _stalled?.TrySetResult();
        _stalled = null;
    }

    public ValueTask DisposeAsync()
    {
        Shut();
        return ValueTask.CompletedTask;
    }

    private TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _ = AcceptAsync(listener);
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // Shut.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var engine = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            (_open[client], _open[engine]) = (0, 0);
            await engine.ConnectAsync(_engine);
            await Task.WhenAny(CopyAsync(client, engine), CopyAsync(engine, client));
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // Shut, or the engine has gone.
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(engine, out _);
            client.Close(timeout: 0);
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                if (_stalled is { } stalled)
                    await stalled.Task;
                await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // As above.
        }
    }
}
