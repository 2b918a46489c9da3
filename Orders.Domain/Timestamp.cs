using System.Buffers.Text;
using System.Globalization;

namespace Orders.Domain;

/// <summary>
/// The format of all times: UTC, ISO 8601, milliseconds, <c>2026-01-31T09:30:00.000Z</c>. It sorts as text.
/// </summary>
public static class Timestamp
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>
    /// Cuts a time to milliseconds, as it is stored, so that a response equals what is read later.
    /// </summary>
    /// <param name="time">Any time.</param>
    public static DateTimeOffset Truncate(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMillisecond));
    }

    /// <summary>Writes a time.</summary>
    /// <param name="time">Any time; it is converted to UTC and cut to milliseconds.</param>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Writes a time as UTF-8 digits.</summary>
    /// <param name="time">Any time.</param>
    /// <param name="destination">At least 24 bytes.</param>
    /// <param name="written">24 if it fits.</param>
    public static bool TryFormat(DateTimeOffset time, Span<byte> destination, out int written) =>
        time.UtcDateTime.TryFormat(destination, out written, Format, CultureInfo.InvariantCulture);

    /// <summary>Reads a time in ISO 8601 with any offset.</summary>
    /// <param name="utf8">The digits.</param>
    /// <param name="time">The time, in UTC.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out DateTimeOffset time)
    {
        if (!Utf8Parser.TryParse(utf8, out DateTimeOffset parsed, out var consumed, 'O') || consumed != utf8.Length)
        {
            Span<char> chars = stackalloc char[40];
            if (utf8.Length > chars.Length || !System.Text.Encoding.UTF8.TryGetChars(utf8, chars, out var length) ||
                !DateTimeOffset.TryParse(chars[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out parsed))
            {
                time = default;
                return false;
            }
        }

        time = parsed.ToUniversalTime();
        return true;
    }
}
