using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orders.Bench.Http;

/// <summary>
/// A client with connections that stay open between turns. Requests are prepared bytes, and only the status
/// and length of responses are parsed, so that the servers work more than the client.
/// </summary>
internal sealed class LoadClient : Load
{
    private const int BufferBytes = 64 * 1024;

    private readonly Func<ReadOnlyMemory<byte>> _request;
    private readonly byte[] _expected;
    private readonly byte[][] _buffers = [.. Enumerable.Range(0, Lanes).Select(_ => new byte[BufferBytes])];
    private readonly Socket[] _sockets =
        [.. Enumerable.Range(0, Lanes).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })];

    private LoadClient(Func<ReadOnlyMemory<byte>> request, string status) => (_request, _expected) = (request, Encoding.ASCII.GetBytes("HTTP/1.1 " + status));

    /// <summary>Opens the connections.</summary>
    /// <param name="server">The server; on loopback.</param>
    /// <param name="request">Returns the bytes of the next request; called from several threads.</param>
    /// <param name="status">The status that every response must have, the text after <c>HTTP/1.1 </c>; any
    /// other ends the run with an error.</param>
    /// <param name="cancellationToken">Stops connecting.</param>
    public static async Task<LoadClient> ConnectAsync(Uri server, Func<ReadOnlyMemory<byte>> request, string status, CancellationToken cancellationToken)
    {
        var client = new LoadClient(request, status);
        try
        {
            foreach (var socket in client._sockets)
            {
                await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
            }

            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    protected override async ValueTask SendAsync(int lane, CancellationToken cancellationToken)
    {
        var (socket, buffer) = (_sockets[lane], _buffers[lane]);
        await socket.SendAsync(_request(), cancellationToken);
        for (int have = 0, length = 0; length == 0 || have < length;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(have), cancellationToken);
            if (read == 0)
            {
                throw new InvalidOperationException("The server closed a connection that was to stay open.");
            }

            have += read;
            if (length == 0)
            {
                length = AnswerLength(buffer.AsSpan(0, have), _expected);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The length of the whole response; 0 until all headers have arrived.</summary>
    private static int AnswerLength(ReadOnlySpan<byte> answer, byte[] expected)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return 0;
        }

        if (!answer.StartsWith(expected))
        {
            throw new InvalidOperationException($"Not the answer that was asked for: {Encoding.UTF8.GetString(answer)}");
        }

        var name = "\r\nContent-Length: "u8;
        var at = answer.IndexOf(name);
        if (at < 0 || !Utf8Parser.TryParse(answer[(at + name.Length)..], out int body, out _))
        {
            throw new InvalidOperationException("An answer without Content-Length.");
        }

        return head + 4 + body;
    }
}
