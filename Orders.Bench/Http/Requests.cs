using System.Text;

namespace Orders.Bench.Http;

/// <summary>Requests as bytes, signed in with the local key.</summary>
internal static class Requests
{
    private const string Headers = "Host: localhost\r\nAuthorization: Basic Zm9vOmJhcg==\r\n";

    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\n{Headers}\r\n");

    /// <summary>Any of some requests, each time another.</summary>
    public static Func<ReadOnlyMemory<byte>> AnyOf(byte[][] requests) => () => requests[Random.Shared.Next(requests.Length)];

    /// <param name="path">The route.</param>
    /// <param name="body">JSON.</param>
    /// <param name="headers">Further headers, each with its line's end.</param>
    public static byte[] Post(string path, string body, string headers = "") =>
        Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\n{Headers}Content-Type: application/json\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
