using System.Buffers;
using System.IO.Pipelines;

namespace Orders.Query.Changes;

/// <summary>Writes a stream's bytes, as fast as its client takes them and no faster.</summary>
/// <param name="pipe">To the client.</param>
/// <param name="patience">For how long a client may take nothing.</param>
/// <param name="time">The clock of it.</param>
internal sealed class EventWriter(PipeWriter pipe, TimeSpan patience, TimeProvider time)
{
    // A client that takes this much within the patience is slow, and not gone.
    private const int SliceBytes = 16 * 1024;

    private int _unflushed;

    /// <summary>When something was last written.</summary>
    public long WrittenAt { get; private set; } = time.GetTimestamp();

    /// <summary>Whether the client has not taken yet what was sent.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>Writes bytes; they go out at the latest with <see cref="FlushAsync"/>.</summary>
    /// <exception cref="TimeoutException">The client takes nothing.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        WrittenAt = time.GetTimestamp();
        while (!bytes.IsEmpty)
        {
            var slice = bytes[..Math.Min(bytes.Length, SliceBytes - _unflushed)];
            pipe.Write(slice.Span);
            bytes = bytes[slice.Length..];
            _unflushed += slice.Length;
            if (_unflushed == SliceBytes)
            {
                await FlushAsync(cancellationToken);
            }
        }
    }

    /// <summary>Sends what was written.</summary>
    /// <exception cref="TimeoutException">The client takes nothing.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_unflushed == 0)
        {
            return;
        }

        _unflushed = 0;
        // Not with the token: a flush that is cancelled would still be under way.
        var flush = pipe.FlushAsync(CancellationToken.None);
        IsStuck = !flush.IsCompleted;
        if (IsStuck)
        {
            await flush.AsTask().WaitAsync(patience, time, cancellationToken);
        }
        else
        {
            await flush;
        }

        IsStuck = false;
    }
}
