using System.Text.Json;
using System.Text.RegularExpressions;
using Orders.Domain.Fields;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>GraphQL shows every field of an order and of a line that is declared.</summary>
public sealed class SchemaTests
{
    [Fact]
    public void An_order_and_its_lines_have_the_declared_fields()
    {
        Fields("Order").ShouldBe([.. OrderFields.Columns.Select(field => Camel(field.Name)), "customer", "items", "history"], ignoreOrder: true);
        Fields("OrderItem").ShouldBe([Camel(LineFields.OrderItemId), .. LineFields.Columns.Select(field => Camel(field.Name)), "product"], ignoreOrder: true);
    }

    private static List<string> Fields(string type)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orders.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var schema = File.ReadAllText(Path.Combine(folder, "Orders.GraphQL", "src", "schema.graphql"));
        var body = Regex.Match(schema, $$"""^type {{type}} \{\n(?<body>.*?)^\}""", RegexOptions.Multiline | RegexOptions.Singleline, TimeSpan.FromSeconds(10)).Groups["body"].Value;
        body.ShouldNotBeEmpty();
        return [.. Regex.Matches(body, "^  (?<name>[a-z]\\w*)", RegexOptions.Multiline, TimeSpan.FromSeconds(10)).Select(match => match.Groups["name"].Value)];
    }

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(string.Concat(name.Split('_').Select(word => $"{char.ToUpperInvariant(word[0])}{word[1..]}")));
}
