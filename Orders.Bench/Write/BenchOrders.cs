using Amazon.DynamoDBv2.Model;
using Orders.Bench.Apply;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Bench.Write;

/// <summary>
/// One order in all forms that the sides need: its request, its item, the item of its key.
/// </summary>
internal static class BenchOrders
{
    private static readonly Order Sample = new OrderSource(lines: 3).Place(of: 1);

    /// <summary>The body of a POST.</summary>
    public static string Body { get; } = $$"""
        {"merchant_id":"{{Sample.MerchantId}}","customer_id":"{{Sample.CustomerId}}","currency":"{{Sample.Currency.Code}}","items":[{{string.Join(',', Sample.Items.Select(Line))}}]}
        """;

    public static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    /// <summary>The order that the POST creates, with a new id.</summary>
    public static Order New() => New(NewId());

    /// <summary>Its item.</summary>
    public static Dictionary<string, AttributeValue> Item(Guid orderId) => OrderItem.From(New(orderId));

    /// <summary>The item of a used Idempotency-Key, as large as ours.</summary>
    public static Dictionary<string, AttributeValue> KeyItem(Guid orderId) => new(StringComparer.Ordinal)
    {
        [OrderAttributes.Pk] = new() { S = $"IDEM#{Sample.MerchantId}#{orderId}" },
        [OrderAttributes.Sk] = new() { S = "IDEM" },
        [OrderAttributes.Entity] = new() { S = OrderAttributes.IdempotencyEntity },
        [OrderAttributes.RequestHash] = new() { S = new string('0', 64) },
        [OrderAttributes.OrderId] = new() { S = orderId.ToString("D") },
        [OrderAttributes.Answer] = new() { S = Answer(orderId) },
        [OrderAttributes.ExpiresAt] = new() { N = "1900000000" },
    };

    /// <summary>As long as our response.</summary>
    public static string Answer(Guid orderId) =>
        $$"""{"order_id":"{{orderId}}","version":1,"status":"placed","amount":{{Sample.Amount}},"currency":"{{Sample.Currency.Code}}","placed_at":"2026-03-01T00:00:00.000Z"}""";

    private static Order New(Guid orderId)
    {
        var now = Timestamp.Truncate(TimeProvider.System.GetUtcNow());
        return Sample with { OrderId = orderId, PlacedAt = now, UpdatedAt = now };
    }

    private static string Line(OrderLine line) =>
        $$"""{"product_id":"{{line.ProductId}}","product_name":"{{line.ProductName}}","quantity":{{line.Quantity}},"unit_price":{{line.UnitPrice}}}""";
}
