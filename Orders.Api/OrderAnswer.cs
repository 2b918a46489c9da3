using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Api;

/// <summary>The response to placing or changing an order. Its members have the order of the JSON.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Version">1 for a new order, one more with every change; the number in the ETag.</param>
/// <param name="Status">Its status.</param>
/// <param name="Amount">Its total, with the currency's decimals.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="PlacedAt">UTC, ISO 8601 with milliseconds.</param>
internal sealed record OrderAnswer(Guid OrderId, long Version, string Status, decimal Amount, string Currency, string PlacedAt)
{
    public static byte[] Render(Order order) => JsonSerializer.SerializeToUtf8Bytes(
        new OrderAnswer(order.OrderId, order.Version, order.Status.Name(), order.Amount, order.Currency.Code, Timestamp.Text(order.PlacedAt)),
        OrderAnswerJson.Default.OrderAnswer);

    /// <summary>Whether these bytes are a complete response to placing this order.</summary>
    public static bool IsFirstOf(Guid orderId, ReadOnlySpan<byte> answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, OrderAnswerJson.Default.OrderAnswer) is { Version: 1 } first
                && first.OrderId == orderId
                && OrderStatuses.TryFind(first.Status, out var status)
                && status == OrderStatus.Placed;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(OrderAnswer))]
internal sealed partial class OrderAnswerJson : JsonSerializerContext;
