using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Domain;

internal sealed class OrderStatusJsonConverter : JsonConverter<OrderStatus>
{
    public override OrderStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        OrderStatuses.TryFind(reader.GetString(), out var status) ? status : throw new JsonException("not an order status");

    public override void Write(Utf8JsonWriter writer, OrderStatus value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name());
}
