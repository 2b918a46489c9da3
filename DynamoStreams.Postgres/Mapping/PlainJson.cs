using System.Buffers;
using System.Text.Json;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>
/// DynamoDB JSON as plain JSON: <c>{"amount":{"N":"1.50"}}</c> becomes <c>{"amount":1.50}</c>. Numbers keep
/// every digit. Sets become arrays, bytes stay base64.
/// </summary>
public static class PlainJson
{
    // An item has at most 32 levels; each is two levels of JSON.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    private static readonly JsonReaderOptions Depth = new() { MaxDepth = 128 };

    /// <summary>Makes it.</summary>
    /// <param name="image">A record's image.</param>
    /// <returns>UTF-8.</returns>
    /// <exception cref="FormatException">It is not DynamoDB JSON.</exception>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> image)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(64, image.Length));
        try
        {
            using var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true });
            var reader = new Utf8JsonReader(image.Span, Depth);
            _ = reader.Read();
            WriteMap(ref reader, writer);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new FormatException($"the image is no DynamoDB JSON: {broken.Message}", broken);
        }

        return buffer.WrittenMemory;
    }

    // The reader is at the object whose members are attributes.
    private static void WriteMap(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            writer.WritePropertyName(reader.GetString()!);
            _ = reader.Read();
            WriteValue(ref reader, writer);
        }

        writer.WriteEndObject();
    }

    // The reader is at the object whose single member is the type; afterwards it is at that object's end.
    private static void WriteValue(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        _ = reader.Read();
        Expect(ref reader, JsonTokenType.PropertyName);
        var type = reader.GetString()!;
        _ = reader.Read();
        switch (type)
        {
            case "S" or "B":
                writer.WriteStringValue(reader.GetString());
                break;
            case "N":
                WriteNumber(reader.GetString()!, writer);
                break;
            case "BOOL":
                writer.WriteBooleanValue(reader.GetBoolean());
                break;
            case "NULL":
                writer.WriteNullValue();
                break;
            case "M":
                WriteMap(ref reader, writer);
                break;
            case "L" or "SS" or "NS" or "BS":
                WriteList(ref reader, writer, type);
                break;
            default:
                throw new FormatException($"the image has a value of the type {type}, which DynamoDB does not have");
        }

        _ = reader.Read();
        Expect(ref reader, JsonTokenType.EndObject);
    }

    private static void WriteList(ref Utf8JsonReader reader, Utf8JsonWriter writer, string type)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        writer.WriteStartArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            switch (type)
            {
                case "L":
                    WriteValue(ref reader, writer);
                    break;
                case "NS":
                    WriteNumber(reader.GetString()!, writer);
                    break;
                default:
                    writer.WriteStringValue(reader.GetString());
                    break;
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(string digits, Utf8JsonWriter writer)
    {
        // The writer accepts any complete JSON value; only a number begins like this.
        if (digits is not ['-' or (>= '0' and <= '9'), ..])
        {
            throw new FormatException($"the image has '{digits}' as a number");
        }

        writer.WriteRawValue(digits);
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
        {
            throw new FormatException($"the image is no DynamoDB JSON: {reader.TokenType} where {token} belongs");
        }
    }
}
