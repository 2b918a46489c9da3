using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace DynamoStreams.Snapshots;

/// <summary>
/// A primary key as text, to be stored between two runs: DynamoDB JSON, <c>{"pk":{"S":"…"}}</c>. Characters
/// that a text column rejects, such as NUL, are escaped.
/// </summary>
public static class ScanKey
{
    /// <summary>Writes a key.</summary>
    /// <param name="key">One or two attributes, each a string, a number or bytes.</param>
    public static string Write(IReadOnlyDictionary<string, AttributeValue> key)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in key)
            {
                json.WriteStartObject(name);
                if (value.S is not null)
                {
                    json.WriteString("S", value.S);
                }
                else if (value.N is not null)
                {
                    json.WriteString("N", value.N);
                }
                else
                {
                    json.WriteBase64String("B", value.B.ToArray());
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Parses the text of <see cref="Write"/>.</summary>
    /// <param name="text">A key.</param>
    /// <exception cref="JsonException">It is not a key.</exception>
    public static Dictionary<string, AttributeValue> Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.EnumerateObject().ToDictionary(attribute => attribute.Name, attribute => Value(attribute.Value), StringComparer.Ordinal);
    }

    private static AttributeValue Value(JsonElement typed)
    {
        var value = typed.EnumerateObject().Single();
        return value.Name switch
        {
            "S" => new() { S = value.Value.GetString() },
            "N" => new() { N = value.Value.GetString() },
            "B" => new() { B = new MemoryStream(value.Value.GetBytesFromBase64()) },
            _ => throw new JsonException($"a key has no attribute of type {value.Name}"),
        };
    }
}
