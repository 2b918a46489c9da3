using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Orders.Bench.Stores;

/// <summary>Items as DynamoDB JSON, as the service sends them.</summary>
internal static class ItemJson
{
    public static void Write(Utf8JsonWriter writer, Dictionary<string, AttributeValue> item)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in item)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, AttributeValue value)
    {
        writer.WriteStartObject();
        if (value.S is not null)
        {
            writer.WriteString("S", value.S);
        }
        else if (value.N is not null)
        {
            writer.WriteString("N", value.N);
        }
        else if (value.M is not null)
        {
            writer.WritePropertyName("M");
            Write(writer, value.M);
        }
        else
        {
            writer.WriteStartArray("L");
            foreach (var element in value.L)
            {
                Write(writer, element);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
