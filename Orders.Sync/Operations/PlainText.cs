using System.Globalization;
using System.Text;

namespace Orders.Sync.Operations;

/// <summary>
/// Text of strangers for a terminal: an item's key, an error that quotes it, what Redis holds. A terminal
/// obeys control characters, and bidirectional ones make it show something else than is there: each of them
/// is printed as its escape, <c>\u001b</c>. One line stays one line.
/// </summary>
internal static class PlainText
{
    /// <summary>The text, without any character that is not to be seen.</summary>
    public static string Of(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            // Half of a surrogate pair is no rune.
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
            // A half is read as the replacement character.
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
