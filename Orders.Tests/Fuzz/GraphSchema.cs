using System.Text.Json;

namespace Orders.Tests.Fuzz;

/// <summary>A type as it stands at a field: <c>[Order!]!</c>.</summary>
/// <param name="Name">The named type within.</param>
/// <param name="NonNull">Whether null is excluded.</param>
/// <param name="Item">Of a list, the type of its entries; null for no list.</param>
internal sealed record GraphType(string Name, bool NonNull, GraphType? Item)
{
    public override string ToString() => (Item is null ? Name : $"[{Item}]") + (NonNull ? "!" : "");

    public static GraphType Of(JsonElement type) => type.GetProperty("kind").GetString() switch
    {
        "NON_NULL" => Of(type.GetProperty("ofType")) with { NonNull = true },
        "LIST" when Of(type.GetProperty("ofType")) is var item => new(item.Name, false, item),
        _ => new(type.GetProperty("name").GetString()!, false, null),
    };
}

/// <summary>An argument, or a member of an input.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Required">Whether it must be given.</param>
internal sealed record GraphArgument(string Name, GraphType Type, bool Required);

/// <summary>A field of a type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Arguments">What it takes.</param>
internal sealed record GraphField(string Name, GraphType Type, IReadOnlyList<GraphArgument> Arguments);

/// <summary>A schema, as its introspection tells it.</summary>
internal sealed class GraphSchema
{
    public const string Introspection = """
        { __schema { types { kind name fields { name args { ...value } type { ...type } } inputFields { ...value } enumValues { name } } } }
        fragment value on __InputValue { name defaultValue type { ...type } }
        fragment type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }
        """;

    private readonly Dictionary<string, IReadOnlyList<GraphField>> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<GraphArgument>> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _words = new(StringComparer.Ordinal);

    public GraphSchema(JsonElement data)
    {
        foreach (var type in data.GetProperty("__schema").GetProperty("types").EnumerateArray().Where(type => !type.GetProperty("name").GetString()!.StartsWith("__", StringComparison.Ordinal)))
        {
            var name = type.GetProperty("name").GetString()!;
            switch (type.GetProperty("kind").GetString())
            {
                case "OBJECT":
                    _objects.Add(name, [.. type.GetProperty("fields").EnumerateArray().Select(field => new GraphField(
                        field.GetProperty("name").GetString()!, GraphType.Of(field.GetProperty("type")), [.. field.GetProperty("args").EnumerateArray().Select(Argument)]))]);
                    break;
                case "INPUT_OBJECT":
                    _inputs.Add(name, [.. type.GetProperty("inputFields").EnumerateArray().Select(Argument)]);
                    break;
                case "ENUM":
                    _words.Add(name, [.. type.GetProperty("enumValues").EnumerateArray().Select(word => word.GetProperty("name").GetString()!)]);
                    break;
            }
        }
    }

    /// <summary>The fields of a type; null for one that has none.</summary>
    public IReadOnlyList<GraphField>? FieldsOf(string type) => _objects.GetValueOrDefault(type);

    /// <summary>The members of an input; null for another type.</summary>
    public IReadOnlyList<GraphArgument>? MembersOf(string type) => _inputs.GetValueOrDefault(type);

    /// <summary>The words of an enum; null for another type.</summary>
    public IReadOnlyList<string>? WordsOf(string type) => _words.GetValueOrDefault(type);

    private static GraphArgument Argument(JsonElement argument)
    {
        var type = GraphType.Of(argument.GetProperty("type"));
        return new(argument.GetProperty("name").GetString()!, type, type.NonNull && argument.GetProperty("defaultValue").ValueKind == JsonValueKind.Null);
    }
}
