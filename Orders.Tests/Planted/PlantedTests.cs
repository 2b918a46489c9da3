using System.Text.Json;
using System.Text.Json.Serialization;
using Shouldly;
using Xunit;

namespace Orders.Tests.Planted;

/// <summary>The list of planted bugs fits the code. run.mjs makes them (docs/planted-bugs.md).</summary>
public sealed class PlantedTests
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private static readonly string Root = FindRoot();

    private static readonly Bug[] Bugs = JsonSerializer.Deserialize<Bug[]>(File.ReadAllText(Path.Combine(Root, "Orders.Tests", "Planted", "planted.json")), Strict)!;

    [Fact]
    public void There_are_many_and_each_has_a_name_of_its_own()
    {
        Bugs.Length.ShouldBeGreaterThanOrEqualTo(20);
        Bugs.Select(bug => bug.Name).ShouldBeUnique();
    }

    [Fact]
    public void Each_changes_one_place_of_the_code() => Bugs
        .Where(bug => bug.Old == bug.New || File.ReadAllText(Path.Combine(Root, bug.File)).Split(bug.Old).Length != 2)
        .Select(bug => $"{bug.Name}: {bug.File} does not have its text once")
        .ShouldBeEmpty();

    [Fact]
    public void Each_names_test_classes_that_exist() => Bugs
        .Where(bug => bug.Tests.Length == 0 || Array.Exists(bug.Tests, name => typeof(PlantedTests).Assembly.GetType($"Orders.Tests.{name}") is null))
        .Select(bug => $"{bug.Name}: {string.Join(", ", bug.Tests)}")
        .ShouldBeEmpty();

    [Fact]
    public void The_page_tells_of_each_what_caught_it() => File.ReadLines(Path.Combine(Root, "docs", "planted-bugs.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Bug", StringComparison.Ordinal))
        .Select(line => line.Split('|')[1].Trim())
        .ShouldBe(Bugs.Select(bug => bug.Name), ignoreOrder: true);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orders.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    // Breaks: the promise. Tests: classes, below Orders.Tests.
    private sealed record Bug(string Name, string Breaks, string File, string Old, string New, string[] Tests);
}
