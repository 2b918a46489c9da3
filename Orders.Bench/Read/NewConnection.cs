using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orders.Bench.Read;

/// <summary>
/// The fifth seed's way to Redis: a new connection for each read, signed in by the same packet. Without a
/// client library, whose start would cost more than the connection.
/// </summary>
internal static class NewConnection
{
    private static ReadOnlySpan<byte> SignedIn => "+OK\r\n"u8;

    public static async Task<byte[]> GetAsync(IPEndPoint address, string password, string key, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address, cancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"*2\r\n$4\r\nAUTH\r\n${password.Length}\r\n{password}\r\n*2\r\n$3\r\nGET\r\n${key.Length}\r\n{key}\r\n"), cancellationToken);
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
            if (have < SignedIn.Length)
            {
                continue;
            }

            if (!answer.AsSpan(0, have).StartsWith(SignedIn))
            {
                throw new IOException("Redis refuses the password.");
            }

            var got = answer.AsMemory(SignedIn.Length, have - SignedIn.Length);
            var line = got.Span.IndexOf("\r\n"u8);
            if (line > 0 && Utf8Parser.TryParse(got.Span[1..line], out int length, out _) && got.Length >= line + 2 + length + 2)
            {
                return got.Slice(line + 2, length).ToArray();
            }
        }
    }
}
