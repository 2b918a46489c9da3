using System.Globalization;
using System.Text.RegularExpressions;

namespace Orders.Query;

/// <summary>
/// A time in a query string: ISO 8601, extended or basic format, with any offset. Times without an offset are UTC, and a date alone is
/// midnight UTC, as everywhere here.
/// </summary>
internal static partial class TimeBound
{
    public const string Expected = "is not an ISO 8601 date or time, for example 2026-01-31, 2026-01-31T09:30:00Z or 2026-01-31T15:00:00+05:30.";

    private const int MaxLength = 40;

    // At the end of a UTC month only (RFC 3339, 5.7). No clock here has it: it is the second that follows, as Postgres takes it.
    private const int LeapSecond = 60;

    /// <summary>Reads a time.</summary>
    /// <param name="text">As it came out of the query string, where an unescaped '+' has become a space.</param>
    /// <param name="time">The time, in UTC.</param>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length > MaxLength || Iso8601().Match(text) is not { Success: true } match ||
            !DateTime.TryParseExact(
                match.Groups["date"].ValueSpan,
                match.Groups["date"].Length == 10 ? "yyyy-MM-dd" : "yyyyMMdd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date))
        {
            return false;
        }

        var second = Number(match, "second");
        if (Number(match, "hour") > 23 || Number(match, "minute") > 59 || second > LeapSecond ||
            Number(match, "offsetHour") > 23 || Number(match, "offsetMinute") > 59)
        {
            return false;
        }

        var offset = new TimeSpan(Number(match, "offsetHour"), Number(match, "offsetMinute"), 0);
        var local = date.Ticks + new TimeSpan(Number(match, "hour"), Number(match, "minute"), second).Ticks + FractionTicks(match.Groups["fraction"].ValueSpan);
        var utc = local + (match.Groups["sign"].ValueSpan is "-" ? offset.Ticks : -offset.Ticks);
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
            return false;
        time = new(utc, TimeSpan.Zero);
        return second < LeapSecond || IsFirstSecondOfMonth(time);
    }

    private static bool IsFirstSecondOfMonth(DateTimeOffset time) => time is { Day: 1, Hour: 0, Minute: 0, Second: 0 };

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true } digits ? int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    // A tick is 100 ns: the seventh digit. What is finer is cut.
    private static long FractionTicks(ReadOnlySpan<char> digits)
    {
        var ticks = 0L;
        for (var i = 0; i < 7; i++)
            ticks = (ticks * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        return ticks;
    }

    [GeneratedRegex(
        """
        ^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})
        (?:[Tt](?<hour>[0-9]{2})(?::?(?<minute>[0-9]{2})(?::?(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]+))?)?)?
          (?:[Zz]|(?<sign>[-+\x20])(?<offsetHour>[0-9]{2})(?::?(?<offsetMinute>[0-9]{2}))?)?)?\z
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Iso8601();
}
