using Shouldly;
using Xunit;

namespace Orders.Tests.Architecture;

/// <summary>What a reader of the code meets in its comments.</summary>
public sealed class CommentsTests
{
    private const int Longest = 109;

    [Fact]
    public void No_line_of_a_comment_is_wider_than_a_window() => Files()
        .SelectMany(file => File.ReadLines(file).Select((line, i) => (File: file, Number: i + 1, Line: line)))
        .Where(line => line.Line.Length > Longest && line.Line.TrimStart().StartsWith("//", StringComparison.Ordinal))
        .Select(line => $"{line.File}:{line.Number}")
        .ShouldBeEmpty($"wrap them at {Longest} characters");

    private static IEnumerable<string> Files()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Orders.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules"));
    }
}
