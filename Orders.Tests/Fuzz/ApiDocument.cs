using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Orders.Tests.Fuzz;

/// <summary>Reads a service's OpenAPI 3.1 document.</summary>
internal static class ApiDocument
{
    public static IReadOnlyList<ApiOperation> Read(string json)
    {
        var document = JsonNode.Parse(json)!;
        var definitions = document["components"]?["schemas"]?.AsObject() ?? [];
        foreach (var (_, schema) in definitions)
        {
            Close(schema);
        }

        return [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => Operation(path.Key, operation.Key, operation.Value!, definitions)))];
    }

    private static ApiOperation Operation(string path, string method, JsonNode operation, JsonObject definitions) => new(
        HttpMethod.Parse(method.ToUpperInvariant()),
        path,
        [.. (operation["parameters"]?.AsArray() ?? []).Select(parameter => new ApiParameter(parameter!["name"]!.GetValue<string>(), parameter["in"]!.GetValue<string>()))],
        (operation["requestBody"]?["content"]?.AsObject() ?? []).ToDictionary(content => content.Key, content => Whole(content.Value!["schema"]!, definitions), StringComparer.Ordinal),
        operation["responses"]!.AsObject().ToDictionary(answer => int.Parse(answer.Key, CultureInfo.InvariantCulture), answer => Answer(answer.Value!, definitions)));

    private static ApiAnswer Answer(JsonNode answer, JsonObject definitions)
    {
        if (answer["content"]?.AsObject() is not { Count: > 0 } content)
        {
            return new(null, null);
        }

        var (mediaType, body) = content.First();
        if (body!["schema"] is not { } schema || mediaType == "text/event-stream")
        {
            return new(mediaType, null);
        }

        var own = schema.DeepClone();
        Close(own);
        return new(mediaType, JsonSchema.FromText(Whole(own, definitions).GetRawText()));
    }

    // A schema that stands alone, its definitions inside.
    private static JsonElement Whole(JsonNode schema, JsonObject definitions)
    {
        var whole = schema.DeepClone().AsObject();
        whole["$defs"] = definitions.DeepClone();
        return JsonElement.Parse(whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }

    // A member that the document does not name is none of the answer's.
    private static void Close(JsonNode? schema)
    {
        switch (schema)
        {
            case JsonObject part:
                foreach (var (_, member) in part.ToList())
                {
                    Close(member);
                }

                if (part["properties"] is JsonObject && part["type"] is { } type && type.ToJsonString().Contains("object", StringComparison.Ordinal) && !part.ContainsKey("additionalProperties"))
                {
                    part["additionalProperties"] = false;
                }

                break;
            case JsonArray parts:
                foreach (var part in parts)
                {
                    Close(part);
                }

                break;
        }
    }
}
