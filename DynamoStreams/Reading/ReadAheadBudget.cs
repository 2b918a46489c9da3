namespace DynamoStreams.Reading;

/// <summary>
/// Bounds the bytes that are read but not yet applied, over all shards of this process, so that memory does not grow with the backlog.
/// A page larger than the whole budget passes when nothing else is held.
/// </summary>
/// <param name="bytes">The bound.</param>
internal sealed class ReadAheadBudget(long bytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<(int Bytes, TaskCompletionSource Granted)> _waiting = new();
    private long _held;

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

        await using var cancelled = cancellationToken.Register(() => granted.TrySetCanceled(cancellationToken));
        await granted.Task;
    }

    public void Release(int size)
    {
        lock (_lock)
        {
            _held -= size;
            while (_waiting.TryPeek(out var next) && (next.Granted.Task.IsCanceled || Fits(next.Bytes)))
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
