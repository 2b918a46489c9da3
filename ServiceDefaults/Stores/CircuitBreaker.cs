namespace Orders.ServiceDefaults;

/// <summary>
/// A circuit breaker: the first call without an answer opens it, and while it is open calls are refused at once. After each break one call is let
/// through as a trial (half-open); its answer closes the circuit. Free of locks, and of the clock while it is closed.
/// </summary>
/// <param name="breakDuration">How long calls are refused before the next trial.</param>
/// <param name="time">The clock.</param>
public sealed class CircuitBreaker(TimeSpan breakDuration, TimeProvider time)
{
    private const long Closed = long.MinValue;

    private readonly long _break = (long)(breakDuration.TotalSeconds * time.TimestampFrequency);
    private long _nextTrial = Closed;

    /// <summary>Whether a call may be made now.</summary>
    /// <param name="isTrial">Whether it is the one that finds out about the circuit: <see cref="Close"/> it when an answer comes.</param>
    public bool TryEnter(out bool isTrial)
    {
        isTrial = false;
        var nextTrial = Volatile.Read(ref _nextTrial);
        if (nextTrial == Closed)
            return true;
        var now = time.GetTimestamp();
        // A trial that never ends is followed by the next one.
        isTrial = now >= nextTrial && Interlocked.CompareExchange(ref _nextTrial, now + _break, nextTrial) == nextTrial;
        return isTrial;
    }

    /// <summary>A call got no answer: calls are refused from now on for a break.</summary>
    public void Open() => Volatile.Write(ref _nextTrial, time.GetTimestamp() + _break);

    /// <summary>A trial got an answer.</summary>
    public void Close() => Volatile.Write(ref _nextTrial, Closed);
}
