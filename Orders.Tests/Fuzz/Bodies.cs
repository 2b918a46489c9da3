using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orders.Tests.Fuzz;

/// <summary>Bodies of requests: good ones from the document's schema, and what becomes of them.</summary>
/// <param name="random">The chance of the request.</param>
/// <param name="values">Its values.</param>
/// <param name="path">The route.</param>
internal sealed class Bodies(Random random, Values values, string path)
{
    /// <summary>
    /// A body for a schema; one in three is spoilt in its values, one in six in its bytes.
    /// </summary>
    public byte[] Next(string mediaType, JsonElement schema)
    {
        var spoil = random.Percent(35);
        var text = mediaType == "application/x-ndjson"
            ? string.Join('\n', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Json(schema, schema, "", spoil)))
            : Json(schema, schema, "", spoil);
        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Percent(16) ? SpoilBytes(random, bytes) : bytes;
    }

    /// <summary>Some bytes changed, left out, put in, or repeated.</summary>
    public static byte[] SpoilBytes(Random random, byte[] bytes)
    {
        var spoilt = bytes.ToList();
        for (var times = random.Next(1, 4); times > 0 && spoilt.Count > 0; times--)
        {
            var at = random.Next(spoilt.Count);
            var length = Math.Min(random.Next(1, 24), spoilt.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    spoilt[at] = (byte)random.Next(256);
                    break;
                case 1:
                    spoilt[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    spoilt.RemoveRange(at, length);
                    break;
                case 3:
                    spoilt.RemoveRange(at, spoilt.Count - at);
                    break;
                case 4:
                    spoilt.InsertRange(at, spoilt.GetRange(at, length));
                    break;
                case 5:
                    spoilt.InsertRange(at, random.OneOf<byte[]>("\0"u8.ToArray(), [0xEF, 0xBB, 0xBF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF], "\r\n"u8.ToArray(), "\""u8.ToArray(), "{"u8.ToArray(), "]"u8.ToArray(), "9999999999"u8.ToArray()));
                    break;
                default:
                    var other = random.Next(spoilt.Count);
                    (spoilt[at], spoilt[other]) = (spoilt[other], spoilt[at]);
                    break;
            }
        }

        return [.. spoilt];
    }

    private string Json(JsonElement schema, JsonElement root, string name, bool spoil)
    {
        if (spoil && random.Percent(12))
        {
            return values.OddJson();
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Json(root.GetProperty("$defs").GetProperty(reference.GetString()!.Split('/')[^1]), root, name, spoil);
        }

        return Type(schema) switch
        {
            "object" => Object(schema, root, spoil),
            "array" => $"[{string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Json(schema.GetProperty("items"), root, name, spoil)))}]",
            "integer" or "number" => values.GoodNumber(name),
            "boolean" => random.OneOf("true", "false"),
            _ => JsonValue.Create(values.Good(name, path)).ToJsonString(),
        };
    }

    private string Object(JsonElement schema, JsonElement root, bool spoil)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(one => one.GetString()!).ToHashSet(StringComparer.Ordinal) : [];
        var members = schema.GetProperty("properties").EnumerateObject()
            .Where(member => spoil ? random.Percent(85) : required.Contains(member.Name) || random.Percent(50))
            .Select(member => $"{JsonValue.Create(member.Name).ToJsonString()}:{Json(member.Value, root, member.Name, spoil)}").ToList();
        if (spoil && random.Percent(15))
        {
            members.Add($"{JsonValue.Create(values.Odd()).ToJsonString()}:{values.OddJson()}");
        }

        if (spoil && members.Count > 0 && random.Percent(10))
        {
            members.Add(random.OneOf(members));
        }

        return $"{{{string.Join(',', members)}}}";
    }

    private static string? Type(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? null
        : type.ValueKind == JsonValueKind.String ? type.GetString()
        : type.EnumerateArray().Select(one => one.GetString()).First(one => one != "null");
}
