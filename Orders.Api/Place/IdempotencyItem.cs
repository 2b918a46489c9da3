using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Store;
using Orders.Domain.Item;

namespace Orders.Api.Place;

/// <summary>A used Idempotency-Key as its DynamoDB item: which request used it, and what it was answered.</summary>
internal static class IdempotencyItem
{
    private const string SortKey = "IDEM";

    /// <summary>Merchants do not share keys. A merchant's id has no '#', so that no two pairs make one key.</summary>
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

    /// <summary>A time as DynamoDB's TTL wants it: seconds since 1970.</summary>
    public static AttributeValue Seconds(DateTimeOffset time) => new() { N = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) };

    /// <summary>What a request finds that comes with a key which is there already.</summary>
    /// <param name="item">The item that is there.</param>
    /// <param name="orderId">The order that the request wanted to place.</param>
    /// <param name="requestHash">The request's own hash.</param>
    public static Placement Decide(Dictionary<string, AttributeValue> item, Guid orderId, string requestHash)
    {
        if (!Guid.TryParse(Text(item, OrderAttributes.OrderId), out var placed))
        {
            throw new StoreException("the item of an Idempotency-Key names no order", mayBeCarriedOut: false);
        }

        if (placed == orderId)
        {
            // Our own first try got through, and only its answer was lost.
            return Placement.New.Instance;
        }

        return Text(item, OrderAttributes.RequestHash) == requestHash
            ? new Placement.Replayed(placed, Encoding.UTF8.GetBytes(Text(item, OrderAttributes.Answer)))
            : Placement.KeyReused.Instance;
    }

    private static string Text(Dictionary<string, AttributeValue> item, string name) =>
        item.GetValueOrDefault(name)?.S ?? throw new StoreException($"the item of an Idempotency-Key has no {name}", mayBeCarriedOut: false);
}
