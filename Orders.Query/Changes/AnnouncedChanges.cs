namespace Orders.Query.Changes;

/// <summary>
/// Changes that Redis has announced and Postgres has not shown yet. An older open transaction hides newer
/// changes, so the feed is read again soon. This ends when all transactions that were open at the
/// announcement have ended, which proves that nothing is missing.
/// </summary>
internal sealed class AnnouncedChanges
{
    // More than a few batches. Further changes are read too, only without the time of their announcement.
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid OrderId, long Version), (long Number, DateTimeOffset At)> _told = [];
    private long _number;
    private (long Number, ulong Xid)? _proof;

    /// <summary>The number of the last announced change.</summary>
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

    public void OnChange(Guid orderId, long version, DateTimeOffset at)
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

    /// <summary>Removes a change that Postgres has shown.</summary>
    /// <returns>When Redis announced it; null when it has not.</returns>
    public DateTimeOffset? Take(Guid orderId, long version)
    {
        lock (_lock)
        {
            return _told.Remove((orderId, version), out var told) ? told.At : null;
        }
    }

    /// <summary>Whether changes are still hidden.</summary>
    /// <param name="last">The last change announced before Postgres was read, see
    /// <see cref="Last"/>.</param>
    /// <param name="head">The end of the feed at that read.</param>
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

    /// <summary>Removes all changes.</summary>
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
