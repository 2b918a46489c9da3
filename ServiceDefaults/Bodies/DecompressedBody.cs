using System.IO.Hashing;
using Microsoft.Net.Http.Headers;
using Orders.ServiceDefaults.Errors;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>
/// A body that is decompressed when it is read. Nothing is returned before the whole body is valid. A body
/// that is not in that coding, is truncated or has data after its end is a 400 that names the coding.
/// </summary>
/// <param name="decompressor">Decompresses, with a bound on the output.</param>
/// <param name="wire">The input of the decompressor.</param>
/// <param name="coding">The coding.</param>
internal sealed class DecompressedBody(Stream decompressor, WireBody wire, ContentCoding coding) : ReadOnlyBody
{
    private MemoryStream? _plain;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        (_plain ??= await UnfoldAsync(cancellationToken)).Read(buffer.Span);

    private async Task<MemoryStream> UnfoldAsync(CancellationToken cancellationToken)
    {
        var plain = new MemoryStream();
        try
        {
            await decompressor.CopyToAsync(plain, cancellationToken);
        }
        // The Brotli decompressor throws the latter.
        catch (Exception broken) when (broken is InvalidDataException or InvalidOperationException)
        {
            throw Refusal(broken);
        }

        if (!(coding.IsGzip ? EndsMember(plain.GetBuffer().AsSpan(0, (int)plain.Length)) : wire.IsTaken))
        {
            throw Refusal(broken: null);
        }

        plain.Position = 0;
        return plain;
    }

    // A gzip member may be followed by another, so the decompressor reads on at the end, and does not report
    // a truncated member.
    private bool EndsMember(ReadOnlySpan<byte> plain)
    {
        var (checksum, length) = wire.Trailer;
        return wire.IsEndTold && length <= plain.Length && Crc32.HashToUInt32(plain[^(int)length..]) == checksum;
    }

    private BadHeaderException Refusal(Exception? broken) =>
        new(HeaderNames.ContentEncoding, $"says {coding.Name}, and the body is not in that coding, is cut off, or goes on behind its end.", broken);
}
