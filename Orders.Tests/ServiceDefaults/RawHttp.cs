using System.Net.Sockets;
using System.Text;

namespace Orders.Tests.ServiceDefaults;

/// <summary>Requests that no HTTP client would send.</summary>
internal static class RawHttp
{
    public static Task<string> SendAsync(Uri address, ReadOnlySpan<byte> request) => SendAsync(address, request.ToArray());

    private static async Task<string> SendAsync(Uri address, byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(request);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
