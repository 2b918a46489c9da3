using System.Buffers;
using System.Globalization;
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
        if (!reader.TryGetDecimal(out var value))
        {
            throw new JsonException($"the number {text} is too large for a decimal; a JsonElement holds it");
        }

        return Decimals(text) <= Digits && IsSame(text, value) ? value : throw new JsonException($"the number {text} has more digits than a decimal holds; a JsonElement keeps them all");
    }

    // How many digits stand behind the point, without those that say nothing.
    private static int Decimals(string text)
    {
        var parts = text.Split('e', 'E');
        var fraction = parts[0].Contains('.', StringComparison.Ordinal) ? parts[0].Split('.')[1].TrimEnd('0').Length : 0;
        return fraction - (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }

    // Rounded, the number would have other digits.
    private static bool IsSame(string text, decimal value) => Significant(text) == Significant(value.ToString(CultureInfo.InvariantCulture));

    private static string Significant(string number) =>
        number.Split('e', 'E')[0].Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).TrimStart('0').TrimEnd('0');

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
