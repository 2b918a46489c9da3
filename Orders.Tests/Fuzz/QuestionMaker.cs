using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Orders.Tests.Fuzz;

/// <summary>Makes questions out of a schema.</summary>
/// <param name="schema">The schema.</param>
/// <param name="random">The chance of the question.</param>
/// <param name="values">Its values.</param>
internal sealed class QuestionMaker(GraphSchema schema, Random random, Values values)
{
    private const int Deepest = 5;
    private readonly List<string> _declared = [];
    private readonly List<string> _given = [];
    private int _names;

    public Question Next()
    {
        var streams = random.Percent(6);
        var root = streams ? "Subscription" : "Query";
        var (text, fields) = Select(root, "", random.Percent(10) ? Deepest : 1, most: streams ? 1 : 3);
        var declared = _declared.Count == 0 ? "" : $"({string.Join(", ", _declared)})";
        var whole = $"{(streams ? "subscription" : "query")} Q{declared} {text}";
        var variables = _given.Count == 0 ? null : $"{{{string.Join(',', _given)}}}";
        return random.Percent(10)
            ? new(Encoding.UTF8.GetString(Bodies.SpoilBytes(random, Encoding.UTF8.GetBytes(whole))), variables, null, streams)
            : new(whole, variables, fields, streams);
    }

    private (string Text, List<AskedField> Fields) Select(string type, string within, int depth, int most)
    {
        var all = schema.FieldsOf(type)!;
        var fitting = depth >= Deepest ? all.Where(field => schema.FieldsOf(field.Type.Name) is null).ToList() : all;
        var asked = new List<AskedField>();
        var texts = new List<string>();
        for (var count = random.Next(1, most + 1); count > 0; count--)
        {
            if (fitting.Count == 0 || (type != "Subscription" && random.Percent(6)))
            {
                texts.Add($"{Name()}: __typename");
                asked.Add(new($"a{_names}", new("String", true, null), []));
                continue;
            }

            var field = random.OneOf(fitting);
            var key = $"{Name()}";
            var (selection, fields) = schema.FieldsOf(field.Type.Name) is null ? ("", []) : Select(field.Type.Name, field.Name, depth + 1, 4);
            var text = $"{key}: {field.Name}{Arguments(field, $"{within}/{field.Name}")} {selection}";
            texts.Add(random.Percent(5) ? $"... on {type} @include(if: true) {{ {text} }}" : text);
            asked.Add(new(key, field.Type, fields));
        }

        return ($"{{ {string.Join(' ', texts)} }}", asked);
    }

    private string Name() => string.Create(CultureInfo.InvariantCulture, $"a{++_names}");

    private string Arguments(GraphField field, string path)
    {
        var given = field.Arguments.Where(argument => argument.Required || random.Percent(35)).Select(argument => $"{argument.Name}: {Argument(argument, path)}").ToList();
        return given.Count == 0 ? "" : $"({string.Join(", ", given)})";
    }

    private string Argument(GraphArgument argument, string path)
    {
        if (!random.Percent(30))
        {
            return Value(argument.Type, argument.Name, path, asJson: false);
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"v{++_names}");
        _declared.Add($"${name}: {argument.Type}");
        if (!random.Percent(3))
        {
            _given.Add($"\"{name}\":{Value(argument.Type, argument.Name, path, asJson: true)}");
        }

        return $"${name}";
    }

    private string Value(GraphType type, string name, string path, bool asJson)
    {
        if (random.Percent(4))
        {
            return random.OneOf("null", "true", "1", "1.5", "\"\"", "[]", "{}", "99999999999999999999", "-1", "[[1]]");
        }

        if (type.Item is { } item)
        {
            return $"[{string.Join(", ", Enumerable.Range(0, random.Next(0, 5)).Select(_ => Value(item, name, path, asJson)))}]";
        }

        if (schema.WordsOf(type.Name) is { } words)
        {
            var word = random.Percent(95) ? random.OneOf(words) : "LOST";
            return asJson ? $"\"{word}\"" : word;
        }

        if (schema.MembersOf(type.Name) is { } members)
        {
            var given = members.Where(member => member.Required || random.Percent(40))
                .Select(member => $"{(asJson ? $"\"{member.Name}\"" : member.Name)}: {Value(member.Type, member.Name, path, asJson)}");
            return $"{{{string.Join(", ", given)}}}";
        }

        var text = random.Percent(80) ? values.Good(name, path) : values.Odd();
        return type.Name is "Int" or "Long" && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : JsonValue.Create(text).ToJsonString();
    }
}
