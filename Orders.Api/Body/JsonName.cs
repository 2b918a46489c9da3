using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Orders.Api.Body;

/// <summary>
/// A field's name: the same whether its letters are written as they are or as escapes,
/// <c>merchant\u005fid</c>. Taken apart here because the platform throws where escapes make half of a
/// surrogate pair, which a body of a hundred thousand names would make dear.
/// </summary>
internal static class JsonName
{
    private const int ShownLength = 64;

    // "\u005f" stands for one letter.
    private const int LongestEscape = 6;

    private const string Simple = "\"\\/bfnrt";
    private const string Meant = "\"\\/\b\f\n\r\t";

    /// <summary>Whether the reader stands on this name.</summary>
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

    /// <summary>
    /// The name that the reader stands on, as a person reads it; of a long one the beginning.
    /// </summary>
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
    /// Takes escapes apart. The reader has checked them; of one that is cut off the rest is passed over.
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

    // Half of a surrogate pair is no text that an answer can hold.
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
