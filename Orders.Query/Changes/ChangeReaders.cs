using Orders.Query.Metrics;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.FairShares;

namespace Orders.Query.Changes;

/// <summary>The clients that follow the changes: the feed is read only while there are some.</summary>
/// <param name="limit">At most so many at once.</param>
internal sealed class ChangeReaders(int limit)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly KeyShares _share = new(limit);
    private TaskCompletionSource _arrival = Source();
    private TaskCompletionSource _started = Source();
    private volatile int _count;

    public int Count => _count;

    /// <summary>Completes when the feed is being read, or fails with the reason why it cannot be.</summary>
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

    /// <summary>Registers a reader until the result is disposed of.</summary>
    /// <param name="key">Its key's id.</param>
    /// <param name="refusal">Why it is refused: there are too many, or too many of this key.</param>
    /// <returns>Null when it is refused.</returns>
    public IDisposable? TryEnter(string key, out BusyException? refusal)
    {
        if (_share.TryTake(key, 1, out var isKeysFault) is not { } place)
        {
            refusal = isKeysFault
                ? new(StatusCodes.Status429TooManyRequests, "This key follows the changes as often as its share allows.", RetryAfter)
                : new(StatusCodes.Status503ServiceUnavailable, "Too many clients follow the changes here already.", RetryAfter);
            return null;
        }

        refusal = null;
        lock (_lock)
        {
            _count++;
            _arrival.TrySetResult();
        }

        QueryMetrics.ChangeStreams.Add(1);
        return new Entry(this, place);
    }

    /// <summary>Completes when there is a reader.</summary>
    public Task AnyAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _arrival.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Signals that the feed is being read.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _started.TrySetResult();
        }
    }

    /// <summary>
    /// Signals that the feed cannot be read: waiting readers fail. Later ones wait for the next attempt.
    /// </summary>
    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            if (_started.Task.IsCompleted || !_started.TrySetException(failure))
            {
                return;
            }
            // Observed here, since perhaps no reader waits for it.
            _ = _started.Task.Exception;
            _started = Source();
        }
    }

    /// <summary>
    /// Stops reading of the feed if there is no reader. A later reader waits for its start.
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

    // Continuations must not run on the thread that completes the task.
    private static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Entry(ChangeReaders readers, IDisposable place) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                place.Dispose();
                readers.Leave();
            }
        }
    }
}
