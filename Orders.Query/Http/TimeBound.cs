using System.Globalization;
using System.Text.RegularExpressions;
using Orders.Domain;

namespace Orders.Query.Http;

/// <summary>
/// A time in a query string: ISO 8601, extended or basic format, with any offset. Times without an offset
/// are UTC, and a date alone is midnight UTC. A fraction may have any number of digits.
/// </summary>
internal static partial class TimeBound
{
    public const string Expected = "is not an ISO 8601 date or time, for example 2026-01-31, 2026-01-31T09:30:00Z or 2026-01-31T15:00:00+05:30.";

    /// <summary>Reads a time.</summary>
    /// <param name="text">The decoded value, in which an unescaped '+' has become a space.</param>
    /// <param name="time">The time, in UTC.</param>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        return Iso8601().Match(text) is { Success: true } match && new CalendarTime
        {
            Year = Number(match, "year"),
            Month = Number(match, "month"),
            Day = Number(match, "day"),
            Hour = Number(match, "hour"),
            Minute = Number(match, "minute"),
            Second = Number(match, "second"),
            Ticks = FractionTicks(match.Groups["fraction"].ValueSpan),
            IsBehindUtc = match.Groups["sign"].ValueSpan is "-",
            OffsetHours = Number(match, "offsetHour"),
            OffsetMinutes = Number(match, "offsetMinute"),
        }.TryFind(out time);
    }

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true } digits ? int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    // A tick is 100 ns: the seventh digit. Further digits are cut.
    private static long FractionTicks(ReadOnlySpan<char> digits)
    {
        var ticks = 0L;
        for (var i = 0; i < 7; i++)
        {
            ticks = (ticks * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        }

        return ticks;
    }

    [GeneratedRegex(
        """
        ^(?<year>[0-9]{4})(?:-(?<month>[0-9]{2})-(?<day>[0-9]{2})|(?<month>[0-9]{2})(?<day>[0-9]{2}))
        (?:[Tt](?<hour>[0-9]{2})(?::?(?<minute>[0-9]{2})(?::?(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]+))?)?)?
          (?:[Zz]|(?<sign>[-+\x20])(?<offsetHour>[0-9]{2})(?::?(?<offsetMinute>[0-9]{2}))?)?)?\z
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Iso8601();
}
