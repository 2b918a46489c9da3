using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Orders.Bench.Http;

/// <summary>
/// Requests over a few connections that stay open, one after the other on each, as fast as answers come. Bytes are made beforehand and answers are
/// looked through for their status and length only, so that the servers work more than the client.
/// </summary>
internal static class LoadClient
{
    private const int Connections = 16;
    private const int BufferBytes = 64 * 1024;

    /// <summary>Sends requests for a while.</summary>
    /// <param name="server">Where to; loopback.</param>
    /// <param name="request">The next request's bytes; called from several threads.</param>
    /// <param name="status">What every answer must begin with, after <c>HTTP/1.1 </c>.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">An answer has another status.</exception>
    public static async Task<LoadResult> RunAsync(Uri server, Func<ReadOnlyMemory<byte>> request, string status, TimeSpan duration, CancellationToken cancellationToken)
    {
        var expected = System.Text.Encoding.ASCII.GetBytes("HTTP/1.1 " + status);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var began = Stopwatch.GetTimestamp();
        var until = began + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => ConnectionAsync(server, request, expected, until, cancellationToken), cancellationToken)));
        var took = Stopwatch.GetElapsedTime(began);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var times = all.SelectMany(times => times).Order().ToArray();
        return new(times.Length / took.TotalSeconds, Microseconds(times, 0.5), Microseconds(times, 0.99), (double)allocated / times.Length);
    }

    private static async Task<List<long>> ConnectionAsync(Uri server, Func<ReadOnlyMemory<byte>> request, byte[] expected, long until, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        var buffer = new byte[BufferBytes];
        var times = new List<long>(1 << 16);
        while (Stopwatch.GetTimestamp() is var sent && sent < until)
        {
            await socket.SendAsync(request(), cancellationToken);
            await ReadAnswerAsync(socket, buffer, expected, cancellationToken);
            times.Add(Stopwatch.GetTimestamp() - sent);
        }

        return times;
    }

    private static async ValueTask ReadAnswerAsync(Socket socket, byte[] buffer, byte[] expected, CancellationToken cancellationToken)
    {
        for (int have = 0, length = 0; length == 0 || have < length;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(have), cancellationToken);
            if (read == 0)
                throw new InvalidOperationException("The server closed a connection that was to stay open.");
            have += read;
            if (length == 0)
                length = AnswerLength(buffer.AsSpan(0, have), expected);
        }
    }

    /// <summary>Bytes of the whole answer; 0 while its headers are not all there.</summary>
    private static int AnswerLength(ReadOnlySpan<byte> answer, byte[] expected)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return 0;
        if (!answer.StartsWith(expected))
            throw new InvalidOperationException($"Not the answer that was asked for: {System.Text.Encoding.UTF8.GetString(answer)}");
        var name = "\r\nContent-Length: "u8;
        var at = answer.IndexOf(name);
        if (at < 0 || !Utf8Parser.TryParse(answer[(at + name.Length)..], out int body, out _))
            throw new InvalidOperationException("An answer without Content-Length.");
        return head + 4 + body;
    }

    private static double Microseconds(long[] sorted, double share) => sorted[(int)((sorted.Length - 1) * share)] * 1e6 / Stopwatch.Frequency;
}
