using System.Globalization;
using System.Text;

namespace Orders.ServiceDefaults.Commands;

/// <summary>
/// Makes untrusted text safe for a terminal: an item's key, an error that quotes it, a value from Redis.
/// Control characters and bidirectional characters are printed as escapes, such as <c>\u001b</c>. One line
/// stays one line.
/// </summary>
public static class PlainText
{
    /// <summary>The text with all invisible characters escaped.</summary>
    public static string Of(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            // Half of a surrogate pair is not a rune.
            var length = Rune.TryGetRuneAt(text, i, out var rune) ? rune.Utf16SequenceLength : 1;
            var part = text.AsSpan(i, length);
            i += length;
            if (rune.Value != 0 && IsPlain(rune))
            {
                _ = plain.Append(part);
                continue;
            }

            foreach (var unit in part)
            {
                _ = plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
        }

        return plain.ToString();
    }

    private static bool IsPlain(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // A half becomes the replacement character.
            if (rune == Rune.ReplacementChar || !IsPlain(rune))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
