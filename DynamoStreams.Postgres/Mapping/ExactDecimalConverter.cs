using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>
/// Reads a number as a decimal only if no digit is lost. A DynamoDB number has up to 38 digits, a decimal
/// 28; the rest would be rounded silently.
/// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"/>
/// </summary>
internal sealed class ExactDecimalConverter : JsonConverter<decimal>
{
    private const int Digits = 28;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw new JsonException($"a {reader.TokenType} where a number belongs");
        }

        var text = Encoding.ASCII.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);
        var digits = text.Split('e', 'E')[0].Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).Trim('0').Length;
        return digits <= Digits && reader.TryGetDecimal(out var value)
            ? value
            : throw new JsonException($"the number {text} has more than the {Digits} digits of a decimal; a JsonElement keeps them all");
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
