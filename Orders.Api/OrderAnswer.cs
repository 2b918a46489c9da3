using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Api;

/// <summary>What placing or changing an order answers. The order of the members is the order in the answer.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Version">1 for a new order, one more with every change; the number in the ETag.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Amount">What it costs, with the currency's digits.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="PlacedAt">UTC, ISO 8601 with milliseconds.</param>
internal sealed record OrderAnswer(Guid OrderId, long Version, string Status, decimal Amount, string Currency, string PlacedAt)
{
    public static byte[] Render(Order order) => JsonSerializer.SerializeToUtf8Bytes(
        new OrderAnswer(order.OrderId, order.Version, order.Status.Name(), order.Amount, order.Currency.Code, Timestamp.Text(order.PlacedAt)),
        OrderAnswerJson.Default.OrderAnswer);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OrderAnswer))]
internal sealed partial class OrderAnswerJson : JsonSerializerContext;
