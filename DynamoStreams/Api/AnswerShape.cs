using System.Text.Json;

namespace DynamoStreams.Api;

/// <summary>
/// Reads the members that a response must have. A missing member, or one of the wrong type, is a
/// <see cref="JsonException"/>.
/// </summary>
internal static class AnswerShape
{
    /// <summary>
    /// The depth of JSON that is read. An item may nest 32 levels. Each level is two levels of JSON, and the
    /// item is inside a record inside a page.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"/>
    /// </summary>
    public const int MaxDepth = 256;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    public static JsonReaderOptions Reading { get; } = new() { MaxDepth = MaxDepth };

    public static JsonDocument Parse(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json, Options);

    public static JsonElement Object(this JsonElement parent, string name) => Find(parent, name) is { ValueKind: JsonValueKind.Object } member ? member : throw Wrong(name, "an object");

    public static IEnumerable<JsonElement> Objects(this JsonElement parent, string name)
    {
        var list = Find(parent, name) is { ValueKind: JsonValueKind.Array } member ? member : throw Wrong(name, "an array");
        return list.EnumerateArray().Select(entry => entry.ValueKind == JsonValueKind.Object ? entry : throw Wrong(name, "an array of objects"));
    }

    public static string Text(this JsonElement parent, string name) => parent.OptionalText(name) ?? throw Wrong(name, "a string");

    public static string? OptionalText(this JsonElement parent, string name) => Find(parent, name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } value => value,
        _ => throw Wrong(name, "a string that is not empty"),
    };

    public static JsonException Wrong(string name, string kind) => new($"{name} is not {kind}");

    private static JsonElement? Find(JsonElement parent, string name) =>
        parent.ValueKind != JsonValueKind.Object ? throw Wrong("what should hold " + name, "an object")
        : parent.TryGetProperty(name, out var member) ? member
        : null;
}
