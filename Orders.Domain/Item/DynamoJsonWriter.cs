using System.Buffers;
using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Orders.Domain.Item;

/// <summary>Writes an item of the SDK as DynamoDB JSON, as the stream has it.</summary>
public static class DynamoJsonWriter
{
    /// <summary>Writes an item, <c>{"pk":{"S":"ORDER#…"},…}</c>.</summary>
    /// <param name="item">The item's attributes.</param>
    public static string Write(Dictionary<string, AttributeValue> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            WriteMap(json, item);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteMap(Utf8JsonWriter json, Dictionary<string, AttributeValue> map)
    {
        json.WriteStartObject();
        foreach (var (name, value) in map)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, AttributeValue value)
    {
        json.WriteStartObject();
        switch (value)
        {
            case { S: { } text }:
                json.WriteString("S", text);
                break;
            case { N: { } number }:
                json.WriteString("N", number);
                break;
            case { B: { } bytes }:
                json.WriteBase64String("B", bytes.ToArray());
                break;
            case { BOOL: { } flag }:
                json.WriteBoolean("BOOL", flag);
                break;
            case { NULL: { } nothing }:
                json.WriteBoolean("NULL", nothing);
                break;
            case { M: { } map }:
                json.WritePropertyName("M");
                WriteMap(json, map);
                break;
            case { L: { } list }:
                WriteList(json, "L", list, item => WriteValue(json, item));
                break;
            case { SS: { } texts }:
                WriteList(json, "SS", texts, json.WriteStringValue);
                break;
            case { NS: { } numbers }:
                WriteList(json, "NS", numbers, json.WriteStringValue);
                break;
            case { BS: { } binaries }:
                WriteList(json, "BS", binaries, binary => json.WriteBase64StringValue(binary.ToArray()));
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string type, List<T> values, Action<T> write)
    {
        json.WriteStartArray(type);
        values.ForEach(write);
        json.WriteEndArray();
    }
}
