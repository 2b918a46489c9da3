using System.IO.Compression;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Orders.ServiceDefaults.Errors;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>The <c>Content-Encoding</c> of a body (RFC 9110, 8.4.1).</summary>
/// <param name="Name">The name as the client sent it.</param>
/// <param name="Decompress">Decompresses; null for no coding.</param>
internal sealed record ContentCoding(string Name, Func<Stream, Stream>? Decompress)
{
    /// <summary>For <c>Accept-Encoding</c>.</summary>
    public const string Known = "gzip, br, deflate";

    /// <summary>Whether it is gzip, which may have several members.</summary>
    public bool IsGzip => Name.ToUpperInvariant() is "GZIP" or "X-GZIP";

    private static readonly ContentCoding None = new("identity", Decompress: null);

    /// <summary>Finds the coding of a body; null for an unknown one or several.</summary>
    public static ContentCoding? Find(StringValues header)
    {
        var found = None;
        foreach (var name in Names(header))
        {
            if (name.Equals(None.Name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (found != None || DecompressorOf(name) is not { } decompress)
            {
                return null;
            }

            found = new(name, decompress);
        }

        return found;
    }

    /// <summary>415, to go with an <c>Accept-Encoding</c> of <see cref="Known"/>.</summary>
    public static ProblemHttpResult Refuse(StringValues header) => Problems.UnsupportedMediaType(
        $"The body's Content-Encoding '{string.Join(", ", Names(header))}' is not read here. Send it as it is, or in one of {Known}.");

    private static IEnumerable<string> Names(StringValues header) =>
        header.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static Func<Stream, Stream>? DecompressorOf(string name) => name.ToUpperInvariant() switch
    {
        "GZIP" or "X-GZIP" => body => new GZipStream(body, CompressionMode.Decompress),
        "BR" => body => new BrotliStream(body, CompressionMode.Decompress),
        "DEFLATE" => body => new ZLibStream(body, CompressionMode.Decompress),
        _ => null,
    };
}
