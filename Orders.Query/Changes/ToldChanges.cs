namespace Orders.Query.Changes;

/// <summary>
/// What Redis has told of and Postgres has not shown yet. An older transaction that is still open hides
/// newer changes, so that it may be worth while to look again soon; until all that was open when they were
/// told of has ended, which proves that there is nothing to come.
/// </summary>
internal sealed class ToldChanges
{
    // More than a batch or two at once. What is beyond it is read as well, only without the time at which
    // Redis told of it.
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid OrderId, long Version), (long Number, DateTimeOffset At)> _told = [];
    private long _number;
    private (long Number, ulong Xid)? _proof;

    /// <summary>The number of the last change that was told of.</summary>
    public long Last
    {
        get
        {
            lock (_lock)
            {
                return _number;
            }
        }
    }

    public void Hear(Guid orderId, long version, DateTimeOffset at)
    {
        lock (_lock)
        {
            _number++;
            if (_told.Count < Most)
            {
                _told.TryAdd((orderId, version), (_number, at));
            }
        }
    }

    /// <summary>Takes a change that Postgres has shown.</summary>
    /// <returns>When Redis told of it; null when it has not.</returns>
    public DateTimeOffset? Take(Guid orderId, long version)
    {
        lock (_lock)
        {
            return _told.Remove((orderId, version), out var told) ? told.At : null;
        }
    }

    /// <summary>Whether changes are still hidden.</summary>
    /// <param name="last">The last that was told of before Postgres was asked, see
    /// <see cref="Last"/>.</param>
    /// <param name="head">How far Postgres had come.</param>
    public bool AreHidden(long last, FeedHead head)
    {
        lock (_lock)
        {
            _proof ??= (last, head.Next);
            if (_proof is { } proof && head.Horizon >= proof.Xid)
            {
                Forget(proof.Number);
                _proof = null;
            }

            foreach (var (number, _) in _told.Values)
            {
                if (number <= last)
                {
                    return true;
                }
            }

            _proof = null;
            return false;
        }
    }

    /// <summary>Forgets all of it.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _told.Clear();
            _proof = null;
        }
    }

    private void Forget(long last)
    {
        foreach (var (change, told) in _told)
        {
            if (told.Number <= last)
            {
                _told.Remove(change);
            }
        }
    }
}
