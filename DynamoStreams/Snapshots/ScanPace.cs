namespace DynamoStreams.Snapshots;

/// <summary>
/// The rate limit of a scan: after each page it waits as long as the page costs, in items or in consumed
/// read capacity, whichever is longer. Each throttled call halves the rate, which then recovers page by
/// page.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="time">The clock.</param>
internal sealed class ScanPace(ScanOptions options, TimeProvider time)
{
    private const double Slowest = 64;
    private const double Recovery = 0.95;

    private readonly Lock _lock = new();
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _paidUntil;
    private double _slowdown = 1;

    /// <summary>The factor by which throttling slows the scan now: 1 for not at all.</summary>
    public double Slowdown
    {
        get
        {
            lock (_lock)
            {
                return _slowdown;
            }
        }
    }

    /// <summary>How long to wait before the next page.</summary>
    public TimeSpan Wait()
    {
        lock (_lock)
        {
            var wait = _paidUntil - time.GetElapsedTime(_origin);
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    /// <summary>Charges for a page that was read.</summary>
    /// <param name="items">Its items.</param>
    /// <param name="capacityUnits">The read capacity that it consumed.</param>
    public void Pay(int items, double capacityUnits)
    {
        var seconds = Math.Max(items / (options.ItemsPerSecond ?? double.PositiveInfinity), capacityUnits / (options.CapacityUnitsPerSecond ?? double.PositiveInfinity));
        lock (_lock)
        {
            var now = time.GetElapsedTime(_origin);
            _paidUntil = (_paidUntil > now ? _paidUntil : now) + TimeSpan.FromSeconds(seconds * _slowdown);
            _slowdown = Math.Max(1, _slowdown * Recovery);
        }
    }

    /// <summary>The service throttled.</summary>
    public void Throttled()
    {
        lock (_lock)
        {
            _slowdown = Math.Min(Slowest, _slowdown * 2);
        }
    }
}
