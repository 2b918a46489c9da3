using System.Buffers;
using System.IO.Pipelines;

namespace Orders.Query.Changes;

/// <summary>
/// Writes a stream's bytes with backpressure: as fast as its client reads them, and no faster.
/// </summary>
/// <param name="pipe">The pipe to the client.</param>
/// <param name="patience">How long a client may read nothing.</param>
/// <param name="time">The clock.</param>
internal sealed class EventWriter(PipeWriter pipe, TimeSpan patience, TimeProvider time)
{
    // A client that reads this much within the patience is slow, not dead.
    private const int SliceBytes = 16 * 1024;

    private int _unflushed;

    /// <summary>When something was last written.</summary>
    public long WrittenAt { get; private set; } = time.GetTimestamp();

    /// <summary>Whether the client has not read yet what was sent.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>Writes bytes; they are sent with <see cref="FlushAsync"/> at the latest.</summary>
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

    /// <summary>Sends the written bytes.</summary>
    /// <exception cref="TimeoutException">The client takes nothing.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_unflushed == 0)
        {
            return;
        }

        _unflushed = 0;
        // Without the token: a cancelled flush would still be running.
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
