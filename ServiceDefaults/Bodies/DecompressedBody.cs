using System.IO.Hashing;
using Microsoft.Net.Http.Headers;
using Orders.ServiceDefaults.Errors;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>
/// A body whose coding is taken off when it is read. Nothing of it is handed out before all of it is known
/// to be good: what is not in that coding, is cut off or goes on behind its end is a 400 that names the
/// coding.
/// </summary>
/// <param name="decompressor">Takes the coding off, and bounds what comes of it.</param>
/// <param name="wire">What the decompressor reads.</param>
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
        // The decompressor of Brotli throws the latter.
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

    // Behind a member another may stand, so that its decompressor asks for more at the end; of one that is
    // cut off it says nothing.
    private bool EndsMember(ReadOnlySpan<byte> plain)
    {
        var (checksum, length) = wire.Trailer;
        return wire.IsEndTold && length <= plain.Length && Crc32.HashToUInt32(plain[^(int)length..]) == checksum;
    }

    private BadHeaderException Refusal(Exception? broken) =>
        new(HeaderNames.ContentEncoding, $"says {coding.Name}, and the body is not in that coding, is cut off, or goes on behind its end.", broken);
}
