using System.Buffers.Binary;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>
/// A compressed body for its decompressor, which reads more than it needs and does not report data after the
/// end. So the last byte is held back until it is read alone.
/// </summary>
internal sealed class WireBody(Stream body) : ReadOnlyBody
{
    private const int TrailerLength = 8;

    private readonly byte[] _ahead = new byte[16 * 1024];
    private readonly byte[] _trailer = new byte[TrailerLength];
    private int _start;
    private int _end;
    private bool _isRead;

    /// <summary>Whether the decompressor read the last byte.</summary>
    public bool IsTaken => _isRead && _start == _end;

    /// <summary>Whether it read past the last byte and got the end of the stream.</summary>
    public bool IsEndTold { get; private set; }

    /// <summary>
    /// The last eight bytes that were read, as two numbers: at the end of a gzip member, the checksum and
    /// length of its content (RFC 1952, 2.3.1).
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
