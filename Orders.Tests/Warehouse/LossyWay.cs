using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Orders.Tests.Warehouse;

/// <summary>A way to Postgres on which an answer is lost: the statement was run and committed, and whoever
/// sent it does not know.</summary>
internal sealed class LossyWay : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _accepting;
    private volatile string? _text;

    public LossyWay(string connectionString)
    {
        _server = new(connectionString);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Leads over it. What is sent can be read in plain text.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port, SslMode = SslMode.Disable, NoResetOnClose = true }.ConnectionString;

    /// <summary>Loses one answer.</summary>
    /// <param name="text">A part of the statement.</param>
    public void LoseAnswerTo(string text) => _text = text;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(_server.Host!, _server.Port);
                var loses = false;
                var asking = CopyAsync(client, server, sent =>
                {
                    if (_text is { } text && Encoding.ASCII.GetString(sent.Span).Contains(text, StringComparison.Ordinal))
                    {
                        (_text, loses) = (null, true);
                    }

                    return true;
                });
                await Task.WhenAny(asking, CopyAsync(server, client, _ => !Volatile.Read(ref loses)));
            }
            catch (SocketException)
            {
                // One of the two has gone.
            }
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, bool> passes)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is var read and > 0 && passes(buffer.AsMemory(0, read)))
        {
            await to.SendAsync(buffer.AsMemory(0, read));
        }
    }
}
