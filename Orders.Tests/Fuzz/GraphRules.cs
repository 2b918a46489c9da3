using System.Text.Json;

namespace Orders.Tests.Fuzz;

/// <summary>What holds of every answer of the gateway, whatever was asked.</summary>
internal static class GraphRules
{
    private static readonly string[] Failures = ["INTERNAL", "UNAVAILABLE", "INTERNAL_SERVER_ERROR"];
    private static readonly JsonDocumentOptions NoTwins = new() { AllowDuplicateProperties = false };

    /// <summary>Why an answer is wrong; null when it is right.</summary>
    /// <param name="question">What was asked; null for a request that is none.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="body">Its body.</param>
    public static string? Judge(Question? question, GraphSchema schema, int status, string? mediaType, byte[] body)
    {
        if (status is not (200 or 204 or 400 or 401 or 403 or 404 or 405 or 406 or 413 or 415 or 429))
        {
            return $"{status} is the answer to nothing";
        }

        if (mediaType == "text/event-stream" || body.Length == 0)
        {
            // A subscription that is refused says so in its status and in its first event.
            return status is 200 or 204 || (status == 405 && body.Length == 0) || (status == 400 && AnswerRules.Text(body).Contains("\"errors\"", StringComparison.Ordinal)) ? null : $"{status} of {mediaType ?? "no type"} with {body.Length} bytes";
        }

        // A request that is refused before it is read gets a problem, with the errors of GraphQL in it.
        if (mediaType is not ("application/json" or "application/graphql-response+json") && (mediaType, status) is not ("application/problem+json", >= 400))
        {
            return mediaType == "text/html" && status == 200 ? null : $"{status} is {mediaType ?? "of no type"}";
        }

        using var json = JsonDocument.Parse(AnswerRules.Text(body), NoTwins);
        var hasErrors = json.RootElement.TryGetProperty("errors", out var errors);
        if (hasErrors && errors.EnumerateArray().Select(JudgeError).FirstOrDefault(fault => fault is not null) is { } wrong)
        {
            return wrong;
        }

        if (!json.RootElement.TryGetProperty("data", out var data) || data.ValueKind == JsonValueKind.Null)
        {
            return hasErrors && errors.GetArrayLength() > 0 ? null : "neither data nor errors";
        }

        return question?.Fields is { } fields ? JudgeObject(data, fields, schema, "data") : null;
    }

    private static string? JudgeError(JsonElement error)
    {
        if (error.GetProperty("message").GetString() is not { Length: > 0 } message || !error.TryGetProperty("extensions", out var extensions) || extensions.GetProperty("code").GetString() is not { Length: > 0 } code)
        {
            return $"an error without message or code: {error}";
        }

        return Failures.Contains(code, StringComparer.Ordinal) ? $"{code}, and nothing is wrong with what is behind: {message}" : null;
    }

    private static string? JudgeObject(JsonElement data, IReadOnlyList<AskedField> fields, GraphSchema schema, string at)
    {
        var asked = fields.Select(field => field.Key).ToHashSet(StringComparer.Ordinal);
        if (data.EnumerateObject().FirstOrDefault(member => !asked.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } more)
        {
            return $"{at}.{more.Name} was not asked for";
        }

        return fields.Select(field => data.TryGetProperty(field.Key, out var value) ? JudgeValue(value, field.Type, field.Selection, schema, $"{at}.{field.Key}") : $"{at}.{field.Key} is missing").FirstOrDefault(fault => fault is not null);
    }

    private static string? JudgeValue(JsonElement value, GraphType type, IReadOnlyList<AskedField> selection, GraphSchema schema, string at)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return type.NonNull ? $"{at} is null and of the type {type}" : null;
        }

        if (type.Item is { } item)
        {
            return value.ValueKind != JsonValueKind.Array ? $"{at} is no list"
                : value.EnumerateArray().Select((entry, index) => JudgeValue(entry, item, selection, schema, $"{at}[{index}]")).FirstOrDefault(fault => fault is not null);
        }

        if (schema.FieldsOf(type.Name) is not null)
        {
            return value.ValueKind == JsonValueKind.Object ? JudgeObject(value, selection, schema, at) : $"{at} is no object";
        }

        var right = type.Name switch
        {
            "Int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            "Long" => value.ValueKind is JsonValueKind.Number or JsonValueKind.String,
            "Boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "JSON" => true,
            _ when schema.WordsOf(type.Name) is { } words => words.Contains(value.GetString()!, StringComparer.Ordinal),
            _ => value.ValueKind == JsonValueKind.String,
        };
        return right ? null : $"{at} is {value} and of the type {type}";
    }
}
