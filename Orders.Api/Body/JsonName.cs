using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Orders.Api.Body;

/// <summary>
/// Compares a field's name, which may contain escapes: <c>merchant\u005fid</c>. It unescapes by itself,
/// because the platform throws for half of a surrogate pair, which is expensive for a body with a hundred
/// thousand such names.
/// </summary>
internal static class JsonName
{
    private const int ShownLength = 64;

    // "\u005f" stands for one letter.
    private const int LongestEscape = 6;

    private const string Simple = "\"\\/bfnrt";
    private const string Meant = "\"\\/\b\f\n\r\t";

    /// <summary>Whether the reader is at this name.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="name">In ASCII.</param>
    public static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        if (!json.ValueIsEscaped)
        {
            return json.ValueSpan.SequenceEqual(name);
        }

        if (json.ValueSpan.Length > name.Length * LongestEscape)
        {
            return false;
        }

        Span<char> letters = stackalloc char[json.ValueSpan.Length];
        var length = Unescape(json.ValueSpan, letters);
        return Ascii.Equals(name, letters[..length]);
    }

    /// <summary>The name at the reader's position, for a message; a long one is cut.</summary>
    public static string Shown(ref Utf8JsonReader json)
    {
        var written = json.ValueSpan;
        var part = written.Length <= ShownLength * LongestEscape ? written : written[..(ShownLength * LongestEscape)];
        Span<char> letters = stackalloc char[part.Length];
        var length = Unescape(part, letters);
        var text = Whole(letters[..Math.Min(length, ShownLength)]);
        return length > ShownLength || part.Length < written.Length ? $"{text}…" : text;
    }

    /// <summary>
    /// Unescapes. The reader has validated the escapes; the rest of one that is cut off is ignored.
    /// </summary>
    private static int Unescape(ReadOnlySpan<byte> written, Span<char> letters)
    {
        var length = 0;
        while (!written.IsEmpty)
        {
            if (written[0] != '\\')
            {
                var end = written.IndexOf((byte)'\\') is var at and >= 0 ? at : written.Length;
                length += Encoding.UTF8.GetChars(written[..end], letters[length..]);
                written = written[end..];
                continue;
            }

            var escape = written.Length > 1 && written[1] == 'u' ? LongestEscape : 2;
            if (written.Length < escape)
            {
                break;
            }

            letters[length++] = escape == 2
                ? Meant[Simple.IndexOf((char)written[1], StringComparison.Ordinal)]
                : Utf8Parser.TryParse(written[2..LongestEscape], out ushort code, out _, 'x') ? (char)code : '\uFFFD';
            written = written[escape..];
        }

        return length;
    }

    // A response cannot contain half of a surrogate pair.
    private static string Whole(ReadOnlySpan<char> letters)
    {
        var text = new StringBuilder(letters.Length);
        foreach (var rune in letters.EnumerateRunes())
        {
            _ = text.Append(rune);
        }

        return text.ToString();
    }
}
