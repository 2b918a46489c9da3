using Microsoft.Net.Http.Headers;

namespace Orders.ServiceDefaults;

/// <summary>A body whose coding is taken off while it is read; what is not in that coding, or is cut off, ends in a 400 that names it.</summary>
internal sealed class DecompressedBody(Stream decompressor, string coding) : ReadOnlyBody
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await decompressor.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Refusal(broken);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return decompressor.Read(buffer, offset, count);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Refusal(broken);
        }
    }

    // The one of Brotli throws the latter.
    private static bool IsBroken(Exception failure) => failure is InvalidDataException or InvalidOperationException;

    private BadHeaderException Refusal(Exception broken) =>
        new(HeaderNames.ContentEncoding, $"says {coding}, and the body is not in that coding, or is cut off.", broken);
}
