using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Orders.Domain.Cache;

/// <summary>
/// A line of a message of the channel <see cref="CacheKeys.Changes"/>: a change that both stores have. A
/// message is UTF-8 text, a line <c>order_id version merchant_id placed|changed|deleted</c> for each change
/// of a batch. Orders.Sync writes them, Orders.Query reads them.
/// </summary>
/// <param name="OrderId">The order.</param>
/// <param name="Version">The version that the change made.</param>
/// <param name="MerchantId">Whose order it is.</param>
/// <param name="Kind">What happened.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChangeMessage(Guid OrderId, long Version, string MerchantId, ChangeKind Kind)
{
    private const int IdLength = 36;

    /// <summary>Writes the line, with its end.</summary>
    /// <param name="message">Receives the line.</param>
    public void Write(StringBuilder message)
    {
        ArgumentNullException.ThrowIfNull(message);
        message.Append(CultureInfo.InvariantCulture, $"{OrderId} {Version} {MerchantId} {Kind.Name()}\n");
    }

    /// <summary>
    /// Reads one line. False for a line of another form, which a newer Orders.Sync may write.
    /// </summary>
    /// <param name="line">Without its end.</param>
    /// <param name="change">The change.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out ChangeMessage change)
    {
        change = default;
        if (!Utf8Parser.TryParse(Next(ref line), out Guid orderId, out var idLength, 'D') || idLength != IdLength)
        {
            return false;
        }

        var digits = Next(ref line);
        if (!Utf8Parser.TryParse(digits, out long version, out var versionLength) || versionLength != digits.Length || version < 1)
        {
            return false;
        }

        // A merchant's id may have spaces; the word after it has none.
        var end = line.LastIndexOf((byte)' ');
        if (end <= 0 || !ChangeKinds.TryFind(line[(end + 1)..], out var kind))
        {
            return false;
        }

        change = new(orderId, version, Encoding.UTF8.GetString(line[..end]), kind);
        return true;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        var word = space < 0 ? line : line[..space];
        line = space < 0 ? [] : line[(space + 1)..];
        return word;
    }
}
