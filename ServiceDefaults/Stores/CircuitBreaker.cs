namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// A circuit breaker: the first call without an answer opens it, and until the break is over all calls fail
/// at once. Then it closes, without a half-open state: while one call probed, all others of a burst would go
/// to Postgres at the same time. Lock-free, and it reads no clock while closed.
/// </summary>
/// <param name="breakDuration">How long it stays open.</param>
/// <param name="time">The clock.</param>
public sealed class CircuitBreaker(TimeSpan breakDuration, TimeProvider time)
{
    private const long Closed = long.MinValue;

    private readonly long _break = (long)(breakDuration.TotalSeconds * time.TimestampFrequency);
    private long _openUntil = Closed;

    /// <summary>Whether it is open now.</summary>
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
            // Unless it was opened again meanwhile.
            Interlocked.CompareExchange(ref _openUntil, Closed, openUntil);
            return false;
        }
    }

    /// <summary>Opens it: a call got no answer.</summary>
    public void Open() => Volatile.Write(ref _openUntil, time.GetTimestamp() + _break);
}
