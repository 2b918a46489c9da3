namespace DynamoStreams.Reading;

/// <summary>
/// Backpressure: bounds the bytes that are read but not yet applied, over all shards of this process, so
/// that memory does not grow with the backlog. A shard that holds nothing gets its page at once. Otherwise a
/// shard that cannot be applied and holds nearly everything would block all others. So the bytes are at most
/// the bound and one page for each shard. A shard that holds something and wants more waits in line, so that
/// small pages do not starve a large one. Applying needs no budget, so a shard that can be applied always
/// returns its bytes.
/// </summary>
/// <param name="bytes">The bound.</param>
internal sealed class ReadAheadBudget(long bytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<Request> _waiting = new();
    private long _held;
    private TaskCompletionSource _short = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The bytes that are reserved now.</summary>
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

    /// <summary>Opens a shard's account.</summary>
    public Account Open() => new(this);

    /// <summary>
    /// Completes as soon as a shard waits for bytes (backpressure): a shard that collects pages for a larger
    /// batch must apply them, or no bytes would ever be released.
    /// </summary>
    public Task Short
    {
        get
        {
            lock (_lock)
            {
                return _short.Task;
            }
        }
    }

    private void Grant()
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out var next) && (next.IsOver || Fits(next.Size)))
            {
                _waiting.Dequeue();
                next.Grant();
            }

            if (_waiting.Count == 0 && _short.Task.IsCompleted)
            {
                _short = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private bool Fits(int size) => _held + size <= bytes;

    /// <summary>One shard's part of what is held. Only one reservation waits at a time.</summary>
    internal sealed class Account(ReadAheadBudget budget)
    {
        private long _held;
        private Request? _request;

        /// <summary>
        /// Waits until this many bytes are free, and reserves them. When cancelled, it reserves nothing.
        /// </summary>
        public async Task ReserveAsync(int size, CancellationToken cancellationToken)
        {
            Request request;
            lock (budget._lock)
            {
                if (_held == 0 || (budget._waiting.Count == 0 && budget.Fits(size)))
                {
                    Hold(size);
                    return;
                }

                _request = request = new Request(this, size);
                budget._waiting.Enqueue(request);
                budget._short.TrySetResult();
            }

            await using var cancelled = cancellationToken.Register(() =>
            {
                request.Cancel(cancellationToken);
                budget.Grant();
            });
            await request.Granted;
        }

        /// <summary>
        /// Adjusts a reservation to the actual size of its page, without waiting: the page is in memory
        /// already.
        /// </summary>
        public void Adjust(int reserved, int actual)
        {
            lock (budget._lock)
            {
                Hold(actual - reserved);
                if (_held == 0)
                {
                    _request?.Grant();
                }
            }

            budget.Grant();
        }

        /// <summary>Completes as soon as a shard waits for bytes.</summary>
        public Task Short => budget.Short;

        public void Release(int size) => Adjust(size, 0);

        internal void Hold(int size)
        {
            _held += size;
            budget._held += size;
        }
    }

    private sealed class Request(Account account, int size)
    {
        private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Size => size;

        public Task Granted => _granted.Task;

        public bool IsOver => _granted.Task.IsCompleted;

        public void Cancel(CancellationToken cancellationToken) => _granted.TrySetCanceled(cancellationToken);

        public void Grant()
        {
            if (_granted.TrySetResult())
            {
                account.Hold(size);
            }
        }
    }
}
