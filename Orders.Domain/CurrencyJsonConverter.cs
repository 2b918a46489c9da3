using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Domain;

internal sealed class CurrencyJsonConverter : JsonConverter<Currency>
{
    public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } code && Currency.TryFind(code, out var currency)
            ? currency
            : throw new JsonException("not an ISO 4217 currency code");

    public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
}
