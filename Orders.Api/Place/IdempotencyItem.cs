using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Store;
using Orders.Domain.Item;

namespace Orders.Api.Place;

/// <summary>
/// The DynamoDB item of a used Idempotency-Key: the request that used it, and its response.
/// </summary>
internal static class IdempotencyItem
{
    private const string SortKey = "IDEM";

    /// <summary>
    /// Merchants do not share keys. A merchant's id has no '#', so that two pairs never have the same key.
    /// </summary>
    public static Dictionary<string, AttributeValue> Key(string merchantId, string key) => new(StringComparer.Ordinal)
    {
        [OrderAttributes.Pk] = new() { S = $"IDEM#{merchantId}#{key}" },
        [OrderAttributes.Sk] = new() { S = SortKey },
    };

    public static Dictionary<string, AttributeValue> Of(Dictionary<string, AttributeValue> key, Guid orderId, string requestHash, byte[] answer, DateTimeOffset expiresAt) =>
        new(key, StringComparer.Ordinal)
        {
            [OrderAttributes.Entity] = new() { S = OrderAttributes.IdempotencyEntity },
            [OrderAttributes.RequestHash] = new() { S = requestHash },
            [OrderAttributes.OrderId] = new() { S = orderId.ToString("D") },
            [OrderAttributes.Answer] = new() { S = Encoding.UTF8.GetString(answer) },
            [OrderAttributes.ExpiresAt] = Seconds(expiresAt),
        };

    /// <summary>A time in the format of DynamoDB's TTL: seconds since 1970.</summary>
    public static AttributeValue Seconds(DateTimeOffset time) => new() { N = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) };

    /// <summary>Decides about a request whose key is used already.</summary>
    /// <param name="item">The stored item.</param>
    /// <param name="merchantId">The merchant of the key.</param>
    /// <param name="orderId">The order of this request.</param>
    /// <param name="requestHash">The request's own hash.</param>
    /// <exception cref="BrokenItemException">The item was not written by this service, or was changed
    /// since.</exception>
    public static Placement Decide(Dictionary<string, AttributeValue> item, string merchantId, Guid orderId, string requestHash)
    {
        var placed = Guid.TryParseExact(Text(item, OrderAttributes.OrderId, merchantId), "D", out var named)
            ? named
            : throw Broken(item, OrderAttributes.OrderId, "is no order's id", merchantId);
        if (placed == orderId)
        {
            // Our own earlier attempt succeeded; only its response was lost.
            return Placement.New.Instance;
        }

        var usedBy = Text(item, OrderAttributes.RequestHash, merchantId);
        if (usedBy.Length != requestHash.Length || !usedBy.All(char.IsAsciiHexDigitLower))
        {
            throw Broken(item, OrderAttributes.RequestHash, "is no SHA-256 in 64 hexadecimal digits", merchantId);
        }

        if (usedBy != requestHash)
        {
            return Placement.KeyReused.Instance;
        }

        var answer = Encoding.UTF8.GetBytes(Text(item, OrderAttributes.Answer, merchantId));
        return OrderAnswer.IsFirstOf(placed, answer)
            ? new Placement.Replayed(placed, answer)
            : throw Broken(item, OrderAttributes.Answer, "is not what placing this order was answered with, or is cut off", merchantId);
    }

    private static string Text(Dictionary<string, AttributeValue> item, string name, string merchantId) =>
        item.GetValueOrDefault(name) is not { } value
            ? throw Broken(item, name, "is missing", merchantId)
            : value.S ?? throw Broken(item, name, "is not a string", merchantId);

    private static BrokenItemException Broken(Dictionary<string, AttributeValue> item, string attribute, string problem, string merchantId) => new(
        item,
        attribute,
        problem,
        merchantId,
        "An earlier request with this Idempotency-Key may have placed an order: look for it, and send another key if there is none. Whoever may write to the table deletes the item.");
}
