namespace Orders.Query.Changes;

/// <summary>
/// A ring buffer of the latest changes, shared by all clients. Each reads at its own position and speed, and
/// none delays another. Bounded in changes and in bytes; older changes are still in Postgres.
/// </summary>
internal sealed class ChangeRing(int capacity, long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly ChangeEvent[] _events = new ChangeEvent[capacity];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _feed = "";
    private int _generation;
    private int _first;
    private int _count;
    private long _bytes;
    private ChangePosition _floor;
    private ChangePosition _end;

    /// <summary>
    /// Completes at the next change. Take it before a read, so that no change is missed between the two.
    /// </summary>
    public Task Moved => Volatile.Read(ref _moved).Task;

    /// <summary>Resets it to empty.</summary>
    public void Reset(FeedHead head)
    {
        lock (_lock)
        {
            Array.Clear(_events);
            (_feed, _first, _count, _bytes) = (head.Feed, 0, 0, 0);
            _floor = _end = head.Position;
            _generation++;
        }

        Move();
    }

    /// <summary>Appends changes.</summary>
    /// <param name="changes">In the feed's order, after all that are in the ring.</param>
    /// <param name="end">The position up to which the ring is then complete.</param>
    public void Append(IReadOnlyList<ChangeEvent> changes, ChangePosition end)
    {
        lock (_lock)
        {
            foreach (var change in changes)
            {
                Add(change);
            }

            _end = end;
        }

        if (changes.Count > 0)
        {
            Move();
        }
    }

    /// <summary>Its end, for a client that begins there.</summary>
    public RingRead Look()
    {
        lock (_lock)
        {
            return new(_feed, _generation, IsBehind: false, _end);
        }
    }

    /// <summary>Reads the next changes.</summary>
    /// <param name="after">The reader's position.</param>
    /// <param name="into">Receives the changes after it, matching or not.</param>
    /// <param name="most">At most so many.</param>
    public RingRead Read(ChangePosition after, List<ChangeEvent> into, int most)
    {
        lock (_lock)
        {
            var isBehind = after < _floor;
            if (!isBehind)
            {
                for (var i = FirstBehind(after); i < _count && into.Count < most; i++)
                {
                    into.Add(At(i));
                }
            }

            return new(_feed, _generation, isBehind, _end);
        }
    }

    private void Add(ChangeEvent change)
    {
        if (_count == capacity)
        {
            DropFirst();
        }

        _events[(_first + _count++) % capacity] = change;
        _bytes += change.Frame.Length;
        while (_bytes > maxBytes)
        {
            DropFirst();
        }
    }

    private void DropFirst()
    {
        ref var dropped = ref _events[_first];
        _floor = dropped.Position;
        _bytes -= dropped.Frame.Length;
        dropped = null!;
        _first = (_first + 1) % capacity;
        _count--;
    }

    private int FirstBehind(ChangePosition after)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Position > after)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private ChangeEvent At(int index) => _events[(_first + index) % capacity];

    private void Move() => Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
