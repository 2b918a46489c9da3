using Orders.Query.Metrics;

namespace Orders.Query.Changes;

/// <summary>Who follows the changes now: the feed is read only while somebody does.</summary>
/// <param name="limit">At most so many at once.</param>
internal sealed class ChangeReaders(int limit)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _arrival = Source();
    private TaskCompletionSource _started = Source();
    private volatile int _count;

    public int Count => _count;

    /// <summary>Ends when the feed is being read, or fails with the reason why it cannot be.</summary>
    public Task Started
    {
        get
        {
            lock (_lock)
            {
                return _started.Task;
            }
        }
    }

    /// <summary>
    /// Enters a reader, until what is returned is disposed of; null when there are too many already.
    /// </summary>
    public IDisposable? TryEnter()
    {
        lock (_lock)
        {
            if (_count >= limit)
            {
                return null;
            }

            _count++;
            _arrival.TrySetResult();
        }

        QueryMetrics.ChangeStreams.Add(1);
        return new Entry(this);
    }

    /// <summary>Ends when there is somebody.</summary>
    public Task AnyAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _arrival.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The feed is being read.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _started.TrySetResult();
        }
    }

    /// <summary>
    /// The feed cannot be read: whoever waits for its start is told. Who comes next waits for the next
    /// attempt.
    /// </summary>
    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            if (_started.Task.IsCompleted || !_started.TrySetException(failure))
            {
                return;
            }
            // Perhaps nobody waits for it.
            _ = _started.Task.Exception;
            _started = Source();
        }
    }

    /// <summary>
    /// Ends the reading of the feed if nobody follows it. Whoever comes then waits for its start.
    /// </summary>
    public bool TryRest()
    {
        lock (_lock)
        {
            if (_count > 0)
            {
                return false;
            }

            if (_started.Task.IsCompleted)
            {
                _started = Source();
            }

            return true;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_count == 0)
            {
                _arrival = Source();
            }
        }

        QueryMetrics.ChangeStreams.Add(-1);
    }

    // Those who wait go on by themselves, not on the thread of the one who lets them.
    private static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Entry(ChangeReaders readers) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                readers.Leave();
            }
        }
    }
}
