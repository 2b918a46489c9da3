using Orders.Bench;
using Orders.Bench.Cli;
using Orders.Local.Cli;
using Shouldly;
using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The bench of the projection, with little data.</summary>
[Collection(nameof(LoadCollection))]
public sealed class QuickApplyTests
{
    [Fact]
    public async Task All_sides_end_with_the_same_rows_and_each_has_its_row_in_the_table()
    {
        var output = new StringWriter();
        var errors = new StringWriter();

        // Rows that differ from side to side end the run with an error that names the table.
        var exitCode = await new BenchRun(new BenchSettings { Bench = "apply", Quick = true, Rounds = 1 }, new Screen(output, errors, colour: false)).RunAsync();

        errors.ToString().ShouldBeEmpty();
        exitCode.ShouldBe(0);
        var table = output.ToString();
        foreach (var rival in new[] { "record by record", "a page's statements in one NpgsqlBatch", "COPY of the same rows", "an unnest upsert of orders alone" })
        {
            table.Split('\n').ShouldContain(line => line.StartsWith("apply  changes", StringComparison.Ordinal) && line.Contains(rival));
        }

        table.ShouldContain("changes of 4 shards at once");
        table.ShouldContain("allocated for a change");
    }
}
