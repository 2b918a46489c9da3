using DynamoStreams.Api;
using Shouldly;
using Xunit;

namespace Orders.Tests.Docs;

public sealed class AbsenceTests
{
    [Fact]
    public void The_page_of_what_absence_proves_says_of_every_failure_what_follows_from_it()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orders.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var rows = File.ReadLines(Path.Combine(folder, "docs", "absence.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')[1].Trim(' ', '`'));

        rows.ShouldBe(Enum.GetNames<StreamsFailure>(), ignoreOrder: true);
    }
}
