using System.Text.Json;
using Shouldly;

namespace Orders.Tests.Infra;

/// <summary>A CloudFormation template, read only.</summary>
internal sealed class TemplateJson(JsonElement root)
{
    public JsonElement Outputs => root.GetProperty(nameof(Outputs));

    /// <summary>Every resource, by its name in the template.</summary>
    public IEnumerable<Resource> All => root.GetProperty("Resources").EnumerateObject().Select(entry => new Resource(entry.Name, entry.Value));

    public IEnumerable<Resource> OfType(string type) => All.Where(resource => resource.Type == type);

    /// <summary>The only one of its type.</summary>
    public Resource Only(string type) => OfType(type).ShouldHaveSingleItem();

    /// <summary>
    /// The only one of its type whose name begins so; the CDK appends a hash to the name in the code.
    /// </summary>
    public Resource Named(string type, string name) => OfType(type).Where(resource => resource.Construct == name).ShouldHaveSingleItem();

    /// <summary>The resource's name in a <c>Ref</c> or <c>Fn::GetAtt</c>; null for anything else.</summary>
    public static string? Target(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (value.TryGetProperty("Ref", out var name))
        {
            return name.GetString();
        }

        return value.TryGetProperty("Fn::GetAtt", out var attribute) ? attribute[0].GetString() : null;
    }

    /// <summary>
    /// A value as text: joins are joined, what is known only when deployed is written
    /// <c>${Name.Attribute}</c>, other functions as JSON.
    /// </summary>
    public static string Text(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return value.GetRawText();
        }

        if (value.TryGetProperty("Fn::Join", out var join))
        {
            return string.Join(join[0].GetString(), join[1].EnumerateArray().Select(Text));
        }

        if (value.TryGetProperty("Fn::Sub", out var pattern) && pattern.ValueKind == JsonValueKind.String)
        {
            return pattern.GetString()!;
        }

        if (value.TryGetProperty("Ref", out var name))
        {
            return $"${{{name.GetString()}}}";
        }

        return value.TryGetProperty("Fn::GetAtt", out var attribute) ? $"${{{attribute[0].GetString()}.{attribute[1].GetString()}}}" : JsonSerializer.Serialize(value);
    }

    /// <summary>A value that may be one or a list.</summary>
    public static IEnumerable<JsonElement> Each(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
}
