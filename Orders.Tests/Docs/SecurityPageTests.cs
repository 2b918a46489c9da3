using Shouldly;
using Xunit;

namespace Orders.Tests.Docs;

/// <summary>The threat model names tests: each of them is there.</summary>
public sealed class SecurityPageTests
{
    [Fact]
    public void Every_test_that_shows_something_is_there()
    {
        var root = Root();
        var tests = Path.Combine(root, "Orders.Tests");
        var files = Directory.EnumerateFiles(tests, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToList();
        var named = File.ReadLines(Path.Combine(root, "docs", "security.md"))
            .SkipWhile(line => line != "## Doors")
            .TakeWhile(line => line != "## What is not stopped")
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[^2].Split('`').Where((_, number) => number % 2 == 1))
            .Where(name => name.TrimEnd('/') != "Orders.Tests")
            .ToList();

        named.Count.ShouldBeGreaterThan(20);
        named.Where(name => !Directory.Exists(Path.Combine(tests, name)) && !files.Exists(file => file.EndsWith($"{name}.cs", StringComparison.Ordinal))).ShouldBeEmpty();
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
