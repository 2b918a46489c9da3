namespace DynamoStreams.Reading;

/// <summary>
/// Bounds the bytes that are read but not yet applied, over all shards of this process, so that memory does not grow with the backlog.
/// A page larger than the whole budget passes when nothing else is held. Whoever waits, waits in line: a large page is not starved by small ones.
/// What is held always belongs to pages that are read or waiting to be applied, and applying needs no budget: so it is always given back.
/// </summary>
/// <param name="bytes">The bound.</param>
internal sealed class ReadAheadBudget(long bytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<(int Bytes, TaskCompletionSource Granted)> _waiting = new();
    private long _held;

    /// <summary>What is reserved now.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    /// <summary>Waits until so much is free, and reserves it. When it is cancelled nothing is reserved.</summary>
    public async Task ReserveAsync(int size, CancellationToken cancellationToken)
    {
        TaskCompletionSource granted;
        lock (_lock)
        {
            if (_waiting.Count == 0 && Fits(size))
            {
                _held += size;
                return;
            }

            granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((size, granted));
        }

        await using var cancelled = cancellationToken.Register(() =>
        {
            granted.TrySetCanceled(cancellationToken);
            Grant();
        });
        await granted.Task;
    }

    /// <summary>Makes a reservation as large as its page turned out to be, without waiting: the page is in memory already.</summary>
    public void Adjust(int reserved, int actual)
    {
        lock (_lock)
        {
            _held += actual - reserved;
        }

        Grant();
    }

    public void Release(int size) => Adjust(size, 0);

    private void Grant()
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out var next) && (next.Granted.Task.IsCompleted || Fits(next.Bytes)))
            {
                _waiting.Dequeue();
                if (next.Granted.TrySetResult())
                {
                    _held += next.Bytes;
                }
            }
        }
    }

    private bool Fits(int size) => _held == 0 || _held + size <= bytes;
}
