using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orders.Api.Body;

/// <summary>
/// Handles what surrounds JSON (white space, a byte order mark), and describes syntax errors.
/// </summary>
internal static class JsonText
{
    // The platform's messages, some of which mention its own options, and ours, which follow the text that
    // was found.
    private static readonly (string Platforms, string Ours)[] Reasons =
    [
        ("maximum configured depth", "it nests deeper than {1} levels"),
        ("trailing comma", "a comma stands before {0}"),
        ("leading zero", "a number has a leading zero"),
        ("invalid start of a property name", "a name in double quotes is expected, not {0}"),
        ("invalid start of a value", "{0} begins no value: that is an object, a list, a number, true, false, null, or a text in double quotes"),
        ("after a property name", "a colon is expected behind a name, not {0}"),
        ("after a value", "a comma or the end is expected behind a value, not {0}"),
        ("after a single JSON value", "something stands behind its end"),
        ("JSON literal", "{0} makes a word that is none of true, false and null"),
        ("escapable character", "{0} makes no escape"),
        ("hex digit", "{0} is no hexadecimal digit of \\u"),
        ("within a JSON string", "a text holds {0}: write it as an escape"),
        ("within a number", "a number cannot go on with {0}"),
        ("end of a number", "a number cannot go on with {0}"),
        ("without a matching open", "{0} closes what is not open"),
    ];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Removes a byte order mark, which RFC 8259 allows a reader to ignore, and separates an empty body from
    /// white space.
    /// </summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> body)
    {
        var text = body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;
        return text.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? [] : text;
    }

    /// <summary>
    /// Names the format of a body that is not UTF-8 text, by its first bytes; null for any other.
    /// </summary>
    public static string? Foreign(ReadOnlySpan<byte> body) => body switch
    {
        [0x1F, 0x8B, ..] => "is compressed and does not say so: send it with Content-Encoding: gzip",
        [0x78, 0x01 or 0x9C or 0xDA, ..] => "is compressed and does not say so: send it with Content-Encoding: deflate",
        // JSON begins with two ASCII characters. UTF-16 and UTF-32 have zeros there (RFC 4627, 3), or a byte
        // order mark.
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, _, ..] or [not 0, 0, ..] => "is in UTF-16 or UTF-32: send it in UTF-8",
        _ => null,
    };

    /// <summary>Describes the error and its position, with lines and bytes from 1.</summary>
    /// <param name="broken">The platform's error.</param>
    /// <param name="text">The text.</param>
    /// <param name="depth">The deepest nesting allowed.</param>
    public static string Describe(JsonException broken, ReadOnlySpan<byte> text, int depth)
    {
        var (line, at) = ((int)(broken.LineNumber ?? 0), (int)(broken.BytePositionInLine ?? 0));
        var found = What(text, Place(text, line, at));
        var reason = found is null && !broken.Message.Contains("depth of", StringComparison.Ordinal)
            ? "it ends before what it begins is closed"
            : string.Format(CultureInfo.InvariantCulture, Reason(broken.Message), found, depth);
        return string.Create(CultureInfo.InvariantCulture, $"cannot be read as JSON: {reason}, at line {line + 1}, byte {at + 1}");
    }

    private static string Reason(string message)
    {
        foreach (var (platforms, ours) in Reasons)
        {
            if (message.Contains(platforms, StringComparison.Ordinal))
            {
                return ours;
            }
        }

        return "{0} is not expected";
    }

    private static int Place(ReadOnlySpan<byte> text, int line, int at)
    {
        var start = 0;
        for (; line > 0 && text[start..].IndexOf((byte)'\n') is var end and >= 0; line--)
        {
            start += end + 1;
        }

        return start + at;
    }

    /// <summary>The character at a position, in words; null at the end.</summary>
    private static string? What(ReadOnlySpan<byte> text, int place)
    {
        if (place >= text.Length)
        {
            return null;
        }

        if (Rune.DecodeFromUtf8(text[place..], out var rune, out _) != System.Buffers.OperationStatus.Done)
        {
            return $"the byte 0x{text[place]:X2}, which is no UTF-8,";
        }

        return Rune.IsControl(rune) ? $"the control character 0x{rune.Value:X2}" : $"'{rune}'";
    }
}
