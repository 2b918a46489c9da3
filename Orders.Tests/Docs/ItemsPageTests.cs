using System.Text;
using Orders.Domain.Fields;
using Orders.Domain.Item;
using Shouldly;
using Xunit;

namespace Orders.Tests.Docs;

public sealed class ItemsPageTests
{
    private const string Begin = "<!-- printed from OrderFields: ORDERS_WRITE_DOCS=1 dotnet test Orders.Tests --filter ItemsPageTests writes it anew -->";
    private const string End = "<!-- end -->";

    [Fact]
    public void The_page_of_items_is_printed_from_the_rules()
    {
        var path = Path.Combine(Root(), "docs", "items.md");
        var page = File.ReadAllText(path);
        var (from, to) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        var printed = $"\n\n{Table("An order", OrderFields.Attributes)}\n{Table("A line, in `items`", LineFields.Attributes)}\n";
        if (Environment.GetEnvironmentVariable("ORDERS_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, page[..from] + printed + page[to..]);
            return;
        }

        page[from..to].ShouldBe(printed);
    }

    private static string Table(string title, IReadOnlyList<AttributeRule> rules)
    {
        var table = new StringBuilder($"| {title} | Type | Must be there | In an item | In a request |\n|---|---|---|---|---|\n");
        foreach (var rule in rules)
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{rule.Name}` | {rule.Type} | {(rule.IsRequired ? "yes" : "")} | {rule.Item} | {(rule.Request == rule.Item ? "the same" : rule.Request ?? "–")} |\n");
        }

        return table.ToString();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orders.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
