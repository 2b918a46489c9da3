using System.Text.Json;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Orders.Tests.Docs;

public sealed class LicencesTests
{
    [Fact]
    public void Every_package_is_listed_with_its_licence_and_nothing_else_is()
    {
        var root = Root();
        var packages = XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion").Select(each => each.Attribute("Include")!.Value);
        using var gateway = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "Orders.GraphQL", "package.json")));
        using var s3 = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "Orders.Tests", "Warehouse", "Store", "TestS3Server", "package.json")));
        using var tools = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, ".config", "dotnet-tools.json")));
        string[] all =
        [
            .. packages,
            .. gateway.RootElement.GetProperty("dependencies").EnumerateObject().Select(each => each.Name),
            .. gateway.RootElement.GetProperty("devDependencies").EnumerateObject().Select(each => each.Name),
            .. s3.RootElement.GetProperty("dependencies").EnumerateObject().Select(each => each.Name),
            .. tools.RootElement.GetProperty("tools").EnumerateObject().Select(each => each.Name),
        ];

        var listed = File.ReadLines(Path.Combine(root, "docs", "licences.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .SelectMany(line => line.Split('|')[1].Split(',', StringSplitOptions.TrimEntries));

        listed.Order(StringComparer.OrdinalIgnoreCase).ShouldBe(all.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Directory.Packages.props")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The solution's folder is not above the tests'.");
        }

        return folder;
    }
}
