using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Orders.Tests.Fuzz;

/// <summary>Requests whose bytes were spoilt, head and body: what no HTTP client sends.</summary>
internal static class RawRequests
{
    /// <summary>The bytes of a request, some of them spoilt.</summary>
    public static async Task<byte[]> SpoilAsync(MadeRequest made, Random random)
    {
        var body = made.Message.Content is null ? [] : await made.Message.Content.ReadAsByteArrayAsync();
        var head = new StringBuilder($"{made.Message.Method} {made.Message.RequestUri!.PathAndQuery} HTTP/1.1\r\nHost: localhost\r\n");
        foreach (var (name, values) in made.Message.Headers.Concat(made.Message.Content?.Headers.AsEnumerable() ?? []).Where(header => header.Key != "Content-Length"))
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {string.Join(", ", values)}\r\n");
        }

        head.Append(random.OneOf(
            $"Content-Length: {body.Length}\r\n", $"Content-Length: {body.Length + 5}\r\n", $"Content-Length: +{body.Length}\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "Content-Length: 99999999999999999999\r\n",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n", "Expect: 100-continue\r\n", ""));
        byte[] whole = [.. Encoding.Latin1.GetBytes(head.ToString()), .. "\r\n"u8, .. body];
        return random.Percent(70) ? Bodies.SpoilBytes(random, whole) : whole;
    }

    /// <summary>Sends bytes, ends the own half of the connection, and reads all that comes.</summary>
    /// <returns>The answer; empty when the server just closed.</returns>
    public static async Task<byte[]> SendAsync(Uri address, byte[] request, CancellationToken bound)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, bound);
        var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, bound);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, bound);
        }
        catch (IOException)
        {
            // Closed by the server while bytes of ours were on their way.
        }
        catch (SocketException)
        {
            // Likewise.
        }

        return answer.ToArray();
    }

    /// <summary>Why the answer is wrong; null when it is right.</summary>
    public static string? Judge(byte[] answer)
    {
        if (answer.Length == 0)
        {
            return null;
        }

        var line = Encoding.Latin1.GetString(answer, 0, Math.Min(answer.Length, 100)).Split('\r')[0];
        return !line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? $"no answer of HTTP: {line}"
            : line.Length < 12 || line[9] == '5' && !line.StartsWith("HTTP/1.1 505", StringComparison.Ordinal) && !line.StartsWith("HTTP/1.1 501", StringComparison.Ordinal) ? $"a spoilt request got {line}"
            : null;
    }
}
