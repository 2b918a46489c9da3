using System.Text.Json;

namespace Orders.Api.Body;

/// <summary>Reads a body that must be one JSON object.</summary>
internal static class JsonBody
{
    // Far deeper than any valid body. The reader does not recurse, so the stack is not at risk.
    private const int Depth = 16;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = Depth };

    /// <summary>Passes every field to <paramref name="fields"/>.</summary>
    /// <returns>False when it is not one JSON object from start to end; <paramref name="errors"/> then says
    /// where it breaks.</returns>
    public static bool TryRead<TFields>(ReadOnlySpan<byte> body, TFields fields, FieldErrors errors)
        where TFields : IFieldReader
    {
        if (JsonText.Foreign(body) is { } foreign)
        {
            errors.Add(FieldPath.Body, foreign);
            return false;
        }

        var text = JsonText.Trim(body);
        if (text.IsEmpty)
        {
            errors.Add(FieldPath.Body, "is missing: send a JSON object");
            return false;
        }

        var json = new Utf8JsonReader(text, Options);
        try
        {
            _ = json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                errors.Add(FieldPath.Body, "must be a JSON object");
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                fields.ReadField(ref json);
            }

            // Throws when anything follows the object.
            _ = json.Read();
            return true;
        }
        catch (JsonException broken)
        {
            errors.Add(FieldPath.Body, JsonText.Describe(broken, text, Depth));
            return false;
        }
    }
}
