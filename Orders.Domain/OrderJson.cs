using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Domain;

/// <summary>
/// Renders an order as readers get it: in Redis, in the response of a GET and in lists the bytes are the
/// same.
/// </summary>
public static class OrderJson
{
    /// <summary>Renders an order.</summary>
    /// <param name="order">Any order.</param>
    /// <returns>UTF-8 JSON, snake_case, without white space.</returns>
    public static byte[] Render(Order order) => JsonSerializer.SerializeToUtf8Bytes(order, OrderJsonContext.Default.Order);

    /// <summary>Renders an order into a larger document.</summary>
    /// <param name="writer">The target.</param>
    /// <param name="order">Any order.</param>
    public static void Write(Utf8JsonWriter writer, Order order) => JsonSerializer.Serialize(writer, order, OrderJsonContext.Default.Order);

    /// <summary>Reads back what <see cref="Render"/> wrote.</summary>
    /// <param name="utf8">A rendered order.</param>
    /// <exception cref="JsonException">It is not a rendered order.</exception>
    public static Order Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, OrderJsonContext.Default.Order) ?? throw new JsonException("an order is never null");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Order))]
internal sealed partial class OrderJsonContext : JsonSerializerContext;
