using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orders.Bench.Read;

/// <summary>
/// The fifth seed's way to Redis: a new connection for each read. Without a client library, whose start
/// would cost more than the connection.
/// </summary>
internal static class NewConnection
{
    public static async Task<byte[]> GetAsync(int port, string key, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"*2\r\n$3\r\nGET\r\n${key.Length}\r\n{key}\r\n"), cancellationToken);
        var answer = new byte[64 * 1024];
        var have = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(answer.AsMemory(have), cancellationToken);
            if (received == 0)
            {
                throw new IOException($"Redis closed the connection before it had answered a GET of {key}, or the answer is larger than {answer.Length} bytes.");
            }

            have += received;
            var line = answer.AsSpan(0, have).IndexOf("\r\n"u8);
            if (line > 0 && Utf8Parser.TryParse(answer.AsSpan(1, line - 1), out int length, out _) && have >= line + 2 + length + 2)
            {
                return answer.AsSpan(line + 2, length).ToArray();
            }
        }
    }
}
