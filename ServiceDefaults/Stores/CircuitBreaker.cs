namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// A circuit breaker: the first call without an answer opens it, and until a break is over calls are refused
/// at once. Then it is closed again, without a half-open state: while one call tried, all others of a burst
/// would go to Postgres at the same time. Free of locks, and of the clock while closed.
/// </summary>
/// <param name="breakDuration">How long calls are refused.</param>
/// <param name="time">The clock.</param>
public sealed class CircuitBreaker(TimeSpan breakDuration, TimeProvider time)
{
    private const long Closed = long.MinValue;

    private readonly long _break = (long)(breakDuration.TotalSeconds * time.TimestampFrequency);
    private long _openUntil = Closed;

    /// <summary>Whether calls are refused now.</summary>
    public bool IsOpen
    {
        get
        {
            var openUntil = Volatile.Read(ref _openUntil);
            if (openUntil == Closed)
            {
                return false;
            }

            if (time.GetTimestamp() < openUntil)
            {
                return true;
            }
            // Unless it was opened anew meanwhile.
            Interlocked.CompareExchange(ref _openUntil, Closed, openUntil);
            return false;
        }
    }

    /// <summary>A call got no answer.</summary>
    public void Open() => Volatile.Write(ref _openUntil, time.GetTimestamp() + _break);
}
