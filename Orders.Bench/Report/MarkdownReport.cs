using System.Text;
using Orders.Bench.Cli;

namespace Orders.Bench.Report;

/// <summary><c>docs/benchmarks.md</c>: the table of a run, and an explanation of each comparison.</summary>
internal static class MarkdownReport
{
    /// <param name="rows">The results.</param>
    /// <param name="settings">The settings of the run.</param>
    /// <param name="took">Its duration.</param>
    /// <param name="machine">A description of the machine in a few words.</param>
    public static string Render(IReadOnlyList<ResultRow> rows, BenchSettings settings, TimeSpan took, string machine)
    {
        var text = new StringBuilder();
        text.Append("# Benchmarks\n\n");
        text.Append("Written by `dotnet run -c Release --project Orders.Bench -- ").Append(settings.Bench).Append(" --save`. ");
        text.Append($"{machine}; {settings.Rounds} rounds, {took.TotalMinutes:0} minutes. ");
        text.Append("Ratios count, not the figures: every side ran on the same engines in the same run, by turns. ");
        text.Append("Medians; in brackets the least and the most of the rounds.\n\n");
        text.Append("![How far ours is from what it must reach](").Append(ReportFiles.ChartName).Append(")\n\n");
        AppendRow(text, ResultCells.Heads);
        AppendRow(text, ResultCells.Heads.Select(_ => "---"));
        foreach (var row in rows)
        {
            AppendRow(text, ResultCells.Of(row));
        }

        text.Append('\n');
        foreach (var bench in Benches.All.Where(bench => rows.Any(row => row.Bench == bench.Name)))
        {
            text.Append("## ").Append(bench.Name).Append("\n\n").Append(bench.Explanation).Append("\n\n");
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
