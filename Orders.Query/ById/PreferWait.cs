using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Orders.Query.ById;

/// <summary>
/// <c>Prefer: wait=S</c>, RFC 7240: how many seconds the client prefers to wait instead of retrying.
/// </summary>
internal static class PreferWait
{
    /// <summary>Longer than a usual lag; shorter than the time limits of proxies.</summary>
    public const int MaxSeconds = 30;

    /// <summary>
    /// Reads it, cut to <see cref="MaxSeconds"/>. Null when it is absent or malformed: unknown preferences
    /// are ignored.
    /// </summary>
    public static int? Read(StringValues prefer)
    {
        foreach (var line in prefer)
        {
            foreach (var preference in Split(line ?? "", ','))
            {
                // Parameters follow a ';', and wait has none.
                var word = Split(preference, ';')[0];
                var equals = word.IndexOf('=', StringComparison.Ordinal);
                var name = equals < 0 ? word : word[..equals];
                // The first of several counts.
                if (name.Trim().Equals("wait", StringComparison.OrdinalIgnoreCase))
                {
                    return equals < 0 ? null : Seconds(word.AsSpan(equals + 1).Trim());
                }
            }
        }

        return null;
    }

    private static int? Seconds(ReadOnlySpan<char> value)
    {
        if (value is ['"', .. var quoted, '"'])
        {
            value = quoted;
        }

        if (value.IsEmpty || value.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < MaxSeconds ? seconds : MaxSeconds;
    }

    // A separator within quotes does not count.
    private static List<string> Split(string text, char separator)
    {
        var (parts, start, quoted) = (new List<string>(), 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (text[i] == '\\' && quoted)
            {
                i++;
            }
            else if (text[i] == separator && !quoted)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }
}
