namespace Orders.Domain;

/// <summary>
/// Reads a time in RFC 3339: <c>2026-01-31T09:30:00Z</c>, with a fraction of any length and any offset; a space or a small letter may stand for T, a small letter for Z. The
/// platform's own parsing also takes <c>03/04/2026</c> and <c>10:30</c>, and dates them as it sees fit.
/// </summary>
public static class Rfc3339
{
    private const int DateAndTime = 19;

    /// <summary>Reads a time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">In UTC, cut to the millisecond. A leap second is the second that follows.</param>
    /// <returns>False for any other text.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length <= DateAndTime || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' ') || text[13] != ':' || text[16] != ':' ||
            !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day) ||
            !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second) ||
            year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60 ||
            !TryMilliseconds(text[DateAndTime..], out var milliseconds, out var length) || !TryOffset(text[(DateAndTime + length)..], out var offset))
        {
            return false;
        }

        var isLeap = second == 60;
        var local = new DateTime(year, month, day, hour, minute, isLeap ? 59 : second, milliseconds, DateTimeKind.Unspecified);
        var utc = local.Ticks - offset.Ticks + (isLeap ? TimeSpan.TicksPerSecond : 0);
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        time = new(utc, TimeSpan.Zero);
        // All leap seconds there were end a UTC month.
        return !isLeap || time is { Day: 1, Hour: 0, Minute: 0, Second: 0 };
    }

    private static bool TryMilliseconds(ReadOnlySpan<char> text, out int milliseconds, out int length)
    {
        (milliseconds, length) = (0, 0);
        if (text[0] != '.')
        {
            return true;
        }

        var digits = text[1..];
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        if (end <= 0)
        {
            return false;
        }

        for (var i = 0; i < 3; i++)
        {
            milliseconds = (milliseconds * 10) + (i < end ? digits[i] - '0' : 0);
        }

        length = end + 1;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':' || !TryDigits(text[1..3], out var hours) || !TryDigits(text[4..6], out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0);
        offset = text[0] == '-' ? -offset : offset;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            number = (number * 10) + (c - '0');
        }

        return true;
    }
}
