using System.Text;
using System.Text.Json;
using Json.Schema;

namespace Orders.Tests.Fuzz;

/// <summary>What holds of every answer, whatever was asked.</summary>
internal static class AnswerRules
{
    // What a request gets that is none of the documented ones.
    private static readonly int[] OfTheServer = [200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 411, 412, 413, 414, 415, 417, 421, 422, 429, 431, 501];
    private static readonly string[] Inside = ["Exception", "   at ", "Npgsql", "StackExchange", "Amazon.", "DuckDB", "/tmp/", "/root/", "SELECT ", "sync."];
    private static readonly EvaluationOptions Strict = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
    private static readonly JsonDocumentOptions NoTwins = new() { AllowDuplicateProperties = false, MaxDepth = 256 };
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Why an answer is wrong; null when it is right.</summary>
    /// <param name="made">The request.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="body">The bytes of the answer's body.</param>
    public static string? Judge(MadeRequest made, HttpResponseMessage answer, byte[] body)
    {
        var status = (int)answer.StatusCode;
        var mediaType = answer.Content.Headers.ContentType?.MediaType;
        // A version that is not there yet is to be asked for again.
        if (status == 503 && made.Service == "query" && answer.Headers.RetryAfter is not null && Text(body).Contains("is not visible yet", StringComparison.Ordinal))
        {
            return null;
        }

        // The server itself looks at lengths, and at what a body is packed in, also where none is expected.
        if (made.Operation is not { } operation || status is 414 or 431 || (status == 415 && made.Operation.Bodies.Count == 0 && made.Message.Content is not null))
        {
            return OfTheServer.Contains(status) ? JudgeProblem(made, status, mediaType, body) : $"{status} is the answer to nothing";
        }

        if (!operation.Answers.TryGetValue(status, out var documented))
        {
            return $"{status} is not in the document of {operation}";
        }

        return status >= 500 ? $"{status}, and nothing is wrong with the stores" : JudgeBody(made, status, documented, mediaType, body);
    }

    private static string? JudgeBody(MadeRequest made, int status, ApiAnswer documented, string? mediaType, byte[] body)
    {
        if (documented.MediaType is null)
        {
            return body.Length == 0 ? null : $"{status} has a body of {body.Length} bytes and the document none";
        }

        if (mediaType != documented.MediaType)
        {
            return $"{status} is {mediaType ?? "of no type"} and should be {documented.MediaType}";
        }

        if (status >= 400)
        {
            return JudgeProblem(made, status, mediaType, body);
        }

        if (mediaType == "text/event-stream")
        {
            return null;
        }

        var texts = mediaType == "application/x-ndjson" ? Text(body).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [Text(body)];
        return texts.Select(text => JudgeJson(made, documented, text)).FirstOrDefault(fault => fault is not null);
    }

    private static string? JudgeJson(MadeRequest made, ApiAnswer documented, string text)
    {
        using var json = JsonDocument.Parse(text, NoTwins);
        if (documented.Schema?.Evaluate(json.RootElement, Strict) is { IsValid: false } verdict)
        {
            var faults = (verdict.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Value}"));
            return $"not as the schema says: {string.Join("; ", faults.Take(5))}";
        }

        return made.Key.Merchant is { } merchant && made.Service != "warehouse" && Merchants(json.RootElement).FirstOrDefault(one => one != merchant) is { } other ? $"the key of {merchant} sees {other}" : null;
    }

    private static string? JudgeProblem(MadeRequest made, int status, string? mediaType, byte[] body)
    {
        if (status < 400 || (made.Message.Method == HttpMethod.Head && body.Length == 0))
        {
            return null;
        }

        if (mediaType != "application/problem+json")
        {
            return $"{status} is {mediaType ?? "of no type"} and no problem";
        }

        var text = Text(body);
        using var json = JsonDocument.Parse(text, NoTwins);
        var problem = json.RootElement;
        if (problem.GetProperty("status").GetInt32() != status || problem.GetProperty("title").GetString() is not { Length: > 0 } || !problem.TryGetProperty("trace_id", out _) || !problem.TryGetProperty("detail", out var detail))
        {
            return $"{status}: a problem without status, title, detail or trace_id: {text}";
        }

        return Inside.FirstOrDefault(word => detail.GetString()!.Contains(word, StringComparison.Ordinal)) is { } leak && made.Service != "warehouse" ? $"{status} tells of the inside ('{leak}'): {text}" : null;
    }

    /// <summary>Strict: bytes that are no UTF-8 are an error.</summary>
    public static string Text(byte[] body) => StrictUtf8.GetString(body);

    // Data, and not the mere echo of what was asked for.
    private static bool IsSomebodys(JsonElement json) => json.TryGetProperty("merchant_id", out var merchant) && merchant.ValueKind == JsonValueKind.String
        && (json.TryGetProperty("order_id", out _) || json.TryGetProperty("product_name", out _) || json.TryGetProperty("first_order_at", out _) || json.TryGetProperty("item_key", out _));

    private static IEnumerable<string> Merchants(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => (IsSomebodys(json) ? [json.GetProperty("merchant_id").GetString()!] : Enumerable.Empty<string>()).Concat(json.EnumerateObject().SelectMany(member => Merchants(member.Value))),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Merchants),
        _ => [],
    };
}
