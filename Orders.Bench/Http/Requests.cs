using System.Text;

namespace Orders.Bench.Http;

/// <summary>Requests as bytes, with the local key.</summary>
internal static class Requests
{
    private const string Headers = "Host: localhost\r\nAuthorization: Basic Zm9vOmJhcg==\r\n";

    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\n{Headers}\r\n");

    /// <summary>Picks one of the requests at random, each time anew.</summary>
    public static Func<ReadOnlyMemory<byte>> AnyOf(byte[][] requests) => () => requests[Random.Shared.Next(requests.Length)];

    /// <param name="path">The route.</param>
    /// <param name="body">JSON.</param>
    /// <param name="headers">More headers, each with its line ending.</param>
    public static byte[] Post(string path, string body, string headers = "") =>
        Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\n{Headers}Content-Type: application/json\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
