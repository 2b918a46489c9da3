namespace Orders.Domain;

/// <summary>
/// A time as a calendar and a clock with an offset show it, in the numbers that a text has.
/// </summary>
public readonly record struct CalendarTime
{
    // At the end of a UTC month only (RFC 3339, 5.7), as all that there were. No clock here has it: it is
    // the second that follows, as Postgres takes it.
    private const int LeapSecond = 60;

#pragma warning disable CS1591 // The names say it all.
    public required int Year { get; init; }

    public required int Month { get; init; }

    public required int Day { get; init; }

    public int Hour { get; init; }

    public int Minute { get; init; }

    public int Second { get; init; }

    public int OffsetHours { get; init; }

    public int OffsetMinutes { get; init; }
#pragma warning restore CS1591

    /// <summary>The part of the second that has begun, in ticks of 100 ns.</summary>
    public long Ticks { get; init; }

    /// <summary>Whether the offset is one behind UTC.</summary>
    public bool IsBehindUtc { get; init; }

    private bool IsThere =>
        Year is >= 1 and <= 9999 && Month is >= 1 and <= 12 && Day >= 1 && Day <= DateTime.DaysInMonth(Year, Month)
        && Hour <= 23 && Minute <= 59 && Second <= LeapSecond && OffsetHours <= 23 && OffsetMinutes <= 59;

    /// <summary>Finds the moment.</summary>
    /// <param name="time">The moment, in UTC.</param>
    /// <returns>False where no calendar or clock shows these numbers, and where the moment is outside of the
    /// years 1 to 9999.</returns>
    public bool TryFind(out DateTimeOffset time)
    {
        time = default;
        if (!IsThere)
        {
            return false;
        }

        var offset = new TimeSpan(OffsetHours, OffsetMinutes, 0).Ticks;
        var utc = new DateTime(Year, Month, Day).Ticks + new TimeSpan(Hour, Minute, Second).Ticks + Ticks + (IsBehindUtc ? offset : -offset);
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        time = new(utc, TimeSpan.Zero);
        return Second < LeapSecond || time is { Day: 1, Hour: 0, Minute: 0, Second: 0 };
    }
}
