using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Orders.Tests.Query;

/// <summary>
/// A way to an engine that can be shut and opened again, or be left open with nothing coming through, with
/// each answer coming late, or with nonsense in place of answers. It has threads of its own, as a network
/// has: what it serves may block those of the pool until it answers.
/// </summary>
internal sealed class TcpGate : IAsyncDisposable
{
    private readonly IPEndPoint _engine;
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly ConcurrentDictionary<Socket, byte> _spoilt = new();
    private readonly ManualResetEventSlim _through = new(true);
    private readonly ManualResetEventSlim _inTime = new(true);
    private TimeSpan _delay;
    private volatile IReadOnlyList<byte[]>? _nonsense;
    private int _answers;
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
        {
            socket.Close(timeout: 0);
        }
    }

    public void Open() => _listener = Listen(Port);

    /// <summary>Connections stand, and nothing is answered.</summary>
    public void Stall() => _through.Reset();

    public void Resume() => _through.Set();

    /// <summary>Each answer comes late.</summary>
    /// <param name="delay">By how much.</param>
    public void Slow(TimeSpan delay)
    {
        _delay = delay;
        _inTime.Reset();
    }

    /// <summary>What is answered is nonsense.</summary>
    /// <param name="answers">What is sent in place of the engine's answers, in turn.</param>
    public void Garble(params byte[][] answers) => _nonsense = answers;

    /// <summary>All is as it should be again. A connection that brought nonsense is cut.</summary>
    public void Heal()
    {
        _nonsense = null;
        _inTime.Set();
        Resume();
        foreach (var socket in _spoilt.Keys)
        {
            socket.Close(timeout: 0);
        }

        _spoilt.Clear();
        if (!_listener.Server.IsBound)
        {
            Open();
        }
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
        Run(() => Accept(listener));
        return listener;
    }

    private void Accept(TcpListener listener)
    {
        while (true)
        {
            var client = listener.AcceptSocket();
            Run(() => Serve(client));
        }
    }

    private void Serve(Socket client)
    {
        using var engine = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            (_open[client], _open[engine]) = (0, 0);
            engine.Connect(_engine);
            Run(() => Copy(engine, client, isAnswer: true));
            Copy(client, engine, isAnswer: false);
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(engine, out _);
            _spoilt.TryRemove(client, out _);
            client.Close(timeout: 0);
        }
    }

    private void Copy(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (from.Receive(buffer) is var read and > 0)
            {
                _through.Wait();
                if (isAnswer)
                {
                    _inTime.Wait(_delay);
                }

                if (isAnswer && _nonsense is { } nonsense)
                {
                    _spoilt[to] = 0;
                    to.Send(nonsense[Interlocked.Increment(ref _answers) % nonsense.Count]);
                }
                else
                {
                    to.Send(buffer.AsSpan(0, read));
                }
            }
        }
        finally
        {
            // The other direction ends with this one.
            to.Close();
        }
    }

    private static void Run(Action work) =>
        new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
            {
                // Shut, or the engine has gone.
            }
        })
        { IsBackground = true }.Start();
}
