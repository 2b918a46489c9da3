namespace Orders.Query.Changes;

/// <summary>
/// The latest changes, in memory, for all who follow them: each reads at its own place and its own speed,
/// and none holds anything for another. Bounded in changes and in bytes; what falls out at the end is still
/// in Postgres.
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
    /// Ends at the next change. To be taken before a read, so that none falls between the two.
    /// </summary>
    public Task Moved => Volatile.Read(ref _moved).Task;

    /// <summary>Begins anew, empty.</summary>
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

    /// <summary>Adds what follows.</summary>
    /// <param name="changes">In the feed's order, behind all that is there.</param>
    /// <param name="end">With them, all is there up to here.</param>
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

    /// <summary>Where it ends, for one who begins there.</summary>
    public RingRead Look()
    {
        lock (_lock)
        {
            return new(_feed, _generation, IsBehind: false, _end);
        }
    }

    /// <summary>Reads on.</summary>
    /// <param name="after">The reader's place.</param>
    /// <param name="into">Gets the changes behind it, matching or not.</param>
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
