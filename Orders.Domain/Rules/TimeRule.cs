namespace Orders.Domain.Rules;

/// <summary>
/// The rule of a time: RFC 3339, which is unambiguous. Fractions below a millisecond are cut.
/// </summary>
public static class TimeRule
{
    /// <summary>
    /// The lower bound, inclusive: earlier times are usually default values, such as the year 1.
    /// </summary>
    public static readonly DateTimeOffset First = DateTimeOffset.UnixEpoch;

    /// <summary>The upper bound, exclusive: far from the largest time of any store or language.</summary>
    public static readonly DateTimeOffset End = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The error for any other text.</summary>
    public const string Problem = "must be a time in RFC 3339, with date, time and offset, such as 2026-01-31T09:30:00.000Z, from 1970 to 2999";

    /// <summary>The rule in words.</summary>
    public const string Text = "RFC 3339 with date, time and offset, such as `2026-01-31T09:30:00.000Z`, from 1970 to 2999; digits below the millisecond are cut, a leap second counts as the second that follows";

    /// <summary>Reads a time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">In UTC, to the millisecond.</param>
    public static bool TryRead(ReadOnlySpan<char> text, out DateTimeOffset time) => Rfc3339.TryParse(text, out time) && time >= First && time < End;
}
