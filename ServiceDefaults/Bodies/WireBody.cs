using System.Buffers.Binary;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>
/// A compressed body on its way to its decompressor, which takes more than it needs and says nothing of what
/// stands behind the end. So the last byte is held back until it is asked for.
/// </summary>
internal sealed class WireBody(Stream body) : ReadOnlyBody
{
    private const int TrailerLength = 8;

    private readonly byte[] _ahead = new byte[16 * 1024];
    private readonly byte[] _trailer = new byte[TrailerLength];
    private int _start;
    private int _end;
    private bool _isRead;

    /// <summary>Whether the decompressor asked for the last byte.</summary>
    public bool IsTaken => _isRead && _start == _end;

    /// <summary>
    /// Whether it asked for what is behind the last byte, and was told that there is nothing.
    /// </summary>
    public bool IsEndTold { get; private set; }

    /// <summary>
    /// The last eight bytes that were asked for as two numbers: where they end a member of gzip, its check
    /// sum and the length of its content (RFC 1952, 2.3.1).
    /// </summary>
    public (uint Checksum, uint Length) Trailer =>
        (BinaryPrimitives.ReadUInt32LittleEndian(_trailer), BinaryPrimitives.ReadUInt32LittleEndian(_trailer.AsSpan(sizeof(uint))));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_isRead && _end - _start <= 1)
        {
            _ahead.AsSpan(_start, _end - _start).CopyTo(_ahead);
            (_start, _end) = (0, _end - _start);
            var read = await body.ReadAsync(_ahead.AsMemory(_end), cancellationToken);
            (_isRead, _end) = (read == 0, _end + read);
        }

        var given = _ahead.AsMemory(_start, Math.Min(buffer.Length, _isRead ? _end - _start : _end - _start - 1));
        given.CopyTo(buffer);
        Keep(given.Span);
        _start += given.Length;
        IsEndTold |= given.IsEmpty && !buffer.IsEmpty;
        return given.Length;
    }

    private void Keep(ReadOnlySpan<byte> given)
    {
        var last = given.Length <= TrailerLength ? given : given[^TrailerLength..];
        _trailer.AsSpan(last.Length).CopyTo(_trailer);
        last.CopyTo(_trailer.AsSpan(TrailerLength - last.Length));
    }
}
