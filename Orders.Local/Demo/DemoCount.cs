namespace Orders.Local.Demo;

/// <summary>The counts of the demonstration so far.</summary>
internal sealed class DemoCount
{
    private long _placed;
    private long _moved;
    private long _deleted;
    private long _failed;
    private volatile string _lastFailure = "";

    public void Placed() => Interlocked.Increment(ref _placed);

    public void Moved() => Interlocked.Increment(ref _moved);

    public void Deleted() => Interlocked.Increment(ref _deleted);

    public void Failed(string reason)
    {
        Interlocked.Increment(ref _failed);
        _lastFailure = reason;
    }

    public long PlacedSoFar => Interlocked.Read(ref _placed);

    public long FailedSoFar => Interlocked.Read(ref _failed);

    public override string ToString()
    {
        var failed = FailedSoFar;
        return $"demo: {PlacedSoFar} orders placed, {Interlocked.Read(ref _moved)} steps, {Interlocked.Read(ref _deleted)} deleted"
            + (failed == 0 ? "" : $", {failed} failed (last: {_lastFailure})");
    }
}
