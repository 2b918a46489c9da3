using System.Buffers.Text;
using System.Text;

namespace Orders.Query;

/// <summary>
/// A message of the channel <c>orders:changes</c>: UTF-8 text, a line for each change of a batch,
/// <c>order_id version merchant_id placed|changed|deleted</c>.
/// </summary>
internal static class ChangeMessage
{
    private const int IdLength = 36;

    /// <summary>Reads one line. False for a line of another form, which a newer Orders.Sync may write.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="change">What it says.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out OrderChange change)
    {
        change = default;
        if (!Utf8Parser.TryParse(Next(ref line), out Guid orderId, out var idLength, 'D') || idLength != IdLength)
            return false;
        var digits = Next(ref line);
        if (!Utf8Parser.TryParse(digits, out long version, out var versionLength) || versionLength != digits.Length || version < 1)
            return false;
        // A merchant's id may have spaces; the word behind it has none.
        var end = line.LastIndexOf((byte)' ');
        if (end <= 0 || !TryRead(line[(end + 1)..], out ChangeKind kind))
            return false;
        change = new(orderId, version, Encoding.UTF8.GetString(line[..end]), kind);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> word, out ChangeKind kind)
    {
        (var known, kind) = word switch
        {
            _ when word.SequenceEqual("placed"u8) => (true, ChangeKind.Placed),
            _ when word.SequenceEqual("changed"u8) => (true, ChangeKind.Changed),
            _ when word.SequenceEqual("deleted"u8) => (true, ChangeKind.Deleted),
            _ => (false, default),
        };
        return known;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        var word = space < 0 ? line : line[..space];
        line = space < 0 ? [] : line[(space + 1)..];
        return word;
    }
}
