using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace Orders.Tests.ServiceDefaults;

/// <summary>Bodies as clients compress them.</summary>
internal static class Compressed
{
    public static HttpContent Content(string text, string coding, string mediaType = "application/json") => Content(Of(Encoding.UTF8.GetBytes(text), coding), coding, mediaType);

    /// <summary>These bytes, said to be in a coding.</summary>
    public static HttpContent Content(byte[] bytes, string coding, string mediaType = "application/json")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return content;
    }

    public static byte[] Of(ReadOnlySpan<byte> bytes, string coding)
    {
        using var into = new MemoryStream();
        using (Stream compressed = coding.ToUpperInvariant() switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(into, CompressionLevel.SmallestSize, leaveOpen: true),
            "BR" => new BrotliStream(into, CompressionLevel.Fastest, leaveOpen: true),
            "DEFLATE" => new ZLibStream(into, CompressionLevel.SmallestSize, leaveOpen: true),
            _ => new BufferedStream(into),
        })
        {
            compressed.Write(bytes);
            compressed.Flush();
            if (compressed is BufferedStream)
            {
                return into.ToArray();
            }
        }

        return into.ToArray();
    }
}
