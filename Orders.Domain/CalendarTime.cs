namespace Orders.Domain;

/// <summary>A time as numbers of a calendar, a clock and an offset.</summary>
public readonly record struct CalendarTime
{
    // A leap second: only at the end of a UTC month (RFC 3339, 5.7). It is read as the following second, as
    // in Postgres.
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

    /// <summary>The fraction of the second, in ticks of 100 ns.</summary>
    public long Ticks { get; init; }

    /// <summary>Whether the offset is negative.</summary>
    public bool IsBehindUtc { get; init; }

    private bool IsThere =>
        Year is >= 1 and <= 9999 && Month is >= 1 and <= 12 && Day >= 1 && Day <= DateTime.DaysInMonth(Year, Month)
        && Hour <= 23 && Minute <= 59 && Second <= LeapSecond && OffsetHours <= 23 && OffsetMinutes <= 59;

    /// <summary>Converts it to an instant.</summary>
    /// <param name="time">The instant, in UTC.</param>
    /// <returns>False when no calendar or clock shows these numbers, or the instant is outside of the years
    /// 1 to 9999.</returns>
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
