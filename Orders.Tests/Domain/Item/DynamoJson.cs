using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Orders.Tests.Domain.Item;

/// <summary>An attribute map as the service sends it over the wire.</summary>
internal static class DynamoJson
{
    public static byte[] Write(Dictionary<string, AttributeValue> item)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            WriteMap(json, item);
        }

        return stream.ToArray();
    }

    public static byte[] Utf8(string json) => Encoding.UTF8.GetBytes(json);

    private static void WriteMap(Utf8JsonWriter json, Dictionary<string, AttributeValue> map)
    {
        json.WriteStartObject();
        foreach (var (name, value) in map)
        {
            json.WriteStartObject(name);
            WriteValue(json, value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, AttributeValue value)
    {
        if (value.S is not null)
        {
            json.WriteString("S", value.S);
        }
        else if (value.N is not null)
        {
            json.WriteString("N", value.N);
        }
        else if (value.BOOL is { } boolean)
        {
            json.WriteBoolean("BOOL", boolean);
        }
        else if (value.NULL == true)
        {
            json.WriteBoolean("NULL", true);
        }
        else if (value.M is not null)
        {
            json.WritePropertyName("M");
            WriteMap(json, value.M);
        }
        else
        {
            json.WriteStartArray("L");
            foreach (var entry in value.L)
            {
                json.WriteStartObject();
                WriteValue(json, entry);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }
}
