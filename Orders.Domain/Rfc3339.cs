namespace Orders.Domain;

/// <summary>
/// Reads a time in RFC 3339: <c>2026-01-31T09:30:00Z</c>, with a fraction of any length and any offset; a
/// space or <c>t</c> may replace T, and <c>z</c> may replace Z. The platform's parser also accepts
/// <c>03/04/2026</c> and <c>10:30</c>, and guesses what they mean.
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
        return text.Length > DateAndTime && text[4] == '-' && text[7] == '-' && text[10] is ('T' or 't' or ' ') && text[13] == ':' && text[16] == ':'
            && TryDigits(text[..4], out var year) && TryDigits(text[5..7], out var month) && TryDigits(text[8..10], out var day)
            && TryDigits(text[11..13], out var hour) && TryDigits(text[14..16], out var minute) && TryDigits(text[17..19], out var second)
            && TryMilliseconds(text[DateAndTime..], out var milliseconds, out var length) && TryOffset(text[(DateAndTime + length)..], out var isBehind, out var offsetHours, out var offsetMinutes)
            && new CalendarTime
            {
                Year = year,
                Month = month,
                Day = day,
                Hour = hour,
                Minute = minute,
                Second = second,
                Ticks = milliseconds * TimeSpan.TicksPerMillisecond,
                IsBehindUtc = isBehind,
                OffsetHours = offsetHours,
                OffsetMinutes = offsetMinutes,
            }.TryFind(out time);
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

    private static bool TryOffset(ReadOnlySpan<char> text, out bool isBehind, out int hours, out int minutes)
    {
        (isBehind, hours, minutes) = (text is ['-', ..], 0, 0);
        return text is "Z" or "z"
            || (text.Length == 6 && text[0] is ('+' or '-') && text[3] == ':' && TryDigits(text[1..3], out hours) && TryDigits(text[4..6], out minutes));
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
