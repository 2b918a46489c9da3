using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orders.Domain;

namespace Orders.Query.Changes;

/// <summary>
/// A position in one database's feed, as clients store it: <c>feed-xid.order_id.revision</c>, or
/// <c>feed-xid</c> for the position before every change of a transaction.
/// </summary>
/// <param name="Feed">The feed: transaction ids mean nothing in another database.</param>
/// <param name="Position">The position in it.</param>
internal sealed record ChangeEventId(string Feed, ChangePosition Position)
{
    private const int FeedLength = 8;

    /// <summary>Parses only the output of <see cref="ToString"/>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ChangeEventId? id)
    {
        id = null;
        if (text.Length <= FeedLength || text[FeedLength] != '-' || !text[..FeedLength].All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        var parts = text[(FeedLength + 1)..].Split('.');
        if (!ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var xid))
        {
            return false;
        }

        var position = new ChangePosition(xid);
        if (parts.Length == 3)
        {
            if (!OrderIds.TryRead(parts[1], out var orderId)
                || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
            {
                return false;
            }

            position = new(xid, orderId, revision);
        }
        else if (parts.Length != 1)
        {
            return false;
        }

        id = new(text[..FeedLength], position);
        return true;
    }

    public override string ToString() =>
        Position.Revision == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Feed}-{Position.Xid}")
            : string.Create(CultureInfo.InvariantCulture, $"{Feed}-{Position.Xid}.{Position.OrderId:D}.{Position.Revision}");
}
