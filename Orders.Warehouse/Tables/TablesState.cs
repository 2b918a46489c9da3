namespace Orders.Warehouse.Tables;

/// <summary>What this instance does with the tables that SQL owns.</summary>
/// <param name="time">The clock.</param>
internal sealed class TablesState(TimeProvider time)
{
    private readonly Lock _lock = new();
    private ulong _stored;
    private (ulong Lsn, DateTime At)? _mark;
    private DateTime? _caughtUpAt;
    private string _phase = "starts";
    private string? _problem;
    private long _problemAt;

    /// <summary>What it does, as the rest of a sentence.</summary>
    public string Phase
    {
        get
        {
            lock (_lock)
            {
                return _phase;
            }
        }
        set
        {
            lock (_lock)
            {
                _phase = value;
            }
        }
    }

    /// <summary>Why it does not go on, and for how long; null when it does.</summary>
    public (string Text, TimeSpan For)? Problem
    {
        get
        {
            lock (_lock)
            {
                return _problem is { } text ? (text, time.GetElapsedTime(_problemAt)) : null;
            }
        }
    }

    /// <summary>Everything that was committed by then is stored; null when that is not known.</summary>
    public DateTime? CaughtUpAt
    {
        get
        {
            lock (_lock)
            {
                return _caughtUpAt;
            }
        }
    }

    /// <summary>Sets the problem; null when it goes on.</summary>
    public void Fail(string? problem)
    {
        lock (_lock)
        {
            _problemAt = _problem is null ? time.GetTimestamp() : _problemAt;
            _problem = problem;
        }
    }

    /// <summary>The end of the write-ahead log was here then.</summary>
    public void Mark(ulong lsn, DateTime at)
    {
        lock (_lock)
        {
            _mark ??= (lsn, at);
        }
    }

    /// <summary>Everything up to this LSN is stored.</summary>
    public void Stored(ulong lsn)
    {
        lock (_lock)
        {
            _stored = lsn;
            if (_mark is { } mark && _stored >= mark.Lsn)
            {
                _caughtUpAt = mark.At;
                _mark = null;
            }
        }
    }

    /// <summary>Another run begins: of the slot nothing is known.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            (_stored, _mark, _caughtUpAt) = (0, null, null);
        }
    }
}
