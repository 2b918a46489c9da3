using System.Xml.Linq;
using Orders.Bench.Cli;
using Orders.Bench.Report;
using Shouldly;
using Xunit;

namespace Orders.Tests.Bench;

/// <summary>What a run of the benches writes.</summary>
public sealed class ReportTests
{
    private static readonly ResultRow Met = ResultRow.OfRates("apply", "changes", [300, 310, 320], "record by record <slow>", [10, 10, 10], "/s", mustReach: 30);
    private static readonly ResultRow Missed = ResultRow.OfRates("apply", "changes", [50, 50, 50], "COPY", [100, 100, 100], "/s", mustReach: 0.6);
    private static readonly ResultRow Known = ResultRow.OfRates("apply", "changes", [50, 50, 50], "unnest", [100, 100, 100], "/s");

    [Fact]
    public void The_table_has_both_figures_their_ratio_what_must_be_reached_and_whether_it_is()
    {
        var lines = TextReport.Render([Met, Missed, Known]).Split('\n');

        lines.Length.ShouldBe(4);
        lines[1].ShouldContain("310 /s (300–320)");
        lines[1].ShouldContain("31.0 × (30.0–32.0)");
        lines[1].ShouldContain("≥ 30.0 ×");
        lines[1].ShouldEndWith("yes");
        lines[2].ShouldContain("0.50 ×");
        lines[2].ShouldEndWith("NO");
        lines[3].ShouldNotContain("yes");
        lines[3].ShouldNotContain("NO");
    }

    [Fact]
    public void The_markdown_has_a_row_for_each_comparison_and_says_what_was_compared()
    {
        var text = MarkdownReport.Render([Met, Missed], new BenchSettings { Bench = "apply", Rounds = 3 }, TimeSpan.FromMinutes(4), "2 cores");

        text.Split('\n').Count(line => line.StartsWith("| apply |", StringComparison.Ordinal)).ShouldBe(2);
        text.ShouldContain("2 cores; 3 rounds, 4 minutes");
        text.ShouldContain("## apply\n");
    }

    [Fact]
    public void The_chart_is_well_formed_with_a_bar_for_each_row_that_must_reach_something()
    {
        var chart = XDocument.Parse(SvgChart.Render([Met, Missed, Known]));

        chart.Descendants().Count(element => element.Name.LocalName == "rect" && element.Attribute("rx") is not null).ShouldBe(2);
        chart.Descendants().ShouldContain(element => element.Name.LocalName == "text" && element.Value.Contains("<slow>"));
    }
}
