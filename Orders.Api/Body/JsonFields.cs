using System.Globalization;
using System.Text.Json;
using Orders.Domain;
using Orders.Domain.Rules;

namespace Orders.Api.Body;

/// <summary>
/// Reads single values. An invalid value adds an error under the field's name and is returned as null, as an
/// explicit null is.
/// </summary>
internal static class JsonFields
{
    /// <summary>Adds an error for the field at the reader's position, by its name.</summary>
    public static void Refuse(ref Utf8JsonReader json, int? line, string message, FieldErrors errors)
    {
        if (!errors.IsFull)
        {
            var name = JsonName.Shown(ref json);
            errors.Add(line is { } number ? new(name, number) : new(name), message);
        }

        _ = json.Read();
        json.Skip();
    }

    /// <summary>A text that satisfies a rule.</summary>
    public static string? Text(ref Utf8JsonReader json, FieldPath field, TextRule rule, FieldErrors errors)
    {
        if (!IsOf(JsonTokenType.String, ref json, field, "must be a string", errors))
        {
            return null;
        }

        // When there are more errors than are shown, parsing that may throw is skipped.
        var text = errors.IsFull ? null : TryText(ref json);
        return Checked(text, text is null ? "is not valid Unicode text" : rule.Problem(text), field, errors);
    }

    /// <summary>A number that satisfies a rule, exact to its last digit.</summary>
    public static decimal? Number(ref Utf8JsonReader json, FieldPath field, NumberRule rule, FieldErrors errors)
    {
        if (!IsOf(JsonTokenType.Number, ref json, field, "must be a number", errors))
        {
            return null;
        }

        var problem = ExactDecimal.TryParse(json.ValueSpan, out var number) ? rule.Problem(number) : Unkept(json.ValueSpan, rule);
        if (problem is null)
        {
            return number;
        }

        errors.Add(field, problem);
        return null;
    }

    // For a number far out of bounds, these messages are more useful than one about its digits.
    private static string Unkept(ReadOnlySpan<byte> digits, NumberRule rule)
    {
        var about = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        var problem = about > (double)rule.Most ? rule.Problem(decimal.MaxValue) : about < (double)rule.Least ? rule.Problem(decimal.MinValue) : null;
        return problem ?? "has more digits than can be kept: a number has at most 28";
    }

    private static bool IsOf(JsonTokenType type, ref Utf8JsonReader json, FieldPath field, string message, FieldErrors errors)
    {
        if (json.TokenType == type)
        {
            return true;
        }

        if (json.TokenType != JsonTokenType.Null)
        {
            errors.Add(field, json.TokenType == JsonTokenType.String ? $"{message}, not a string" : message);
        }

        json.Skip();
        return false;
    }

    private static string? Checked(string? text, string? problem, FieldPath field, FieldErrors errors)
    {
        if (problem is null)
        {
            return text;
        }

        errors.Add(field, problem);
        return null;
    }

    /// <summary>
    /// The text at the reader's position, or null: the reader detects half of a surrogate pair and invalid
    /// UTF-8 only when the text is read.
    /// </summary>
    private static string? TryText(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
