using System.Text.Json;

namespace Orders.Api.Body;

/// <summary>What surrounds JSON: white space, a byte order mark, and the words for what is none.</summary>
internal static class JsonText
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Takes off a byte order mark, which RFC 8259 lets a reader ignore, and tells an empty body from white space.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> body)
    {
        var text = body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;
        return text.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? [] : text;
    }

    /// <summary>Says what is wrong and where, counting lines and bytes from 1.</summary>
    public static string Describe(JsonException broken)
    {
        // The platform puts its own, zero-based spelling of the place at the end of the message.
        var message = broken.Message.AsSpan();
        var place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = (place < 0 ? message : message[..place]).TrimEnd('.');
        return $"cannot be read as JSON: {reason}, at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}";
    }
}
