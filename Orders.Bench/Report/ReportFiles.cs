using System.Runtime.InteropServices;
using Orders.Bench.Cli;

namespace Orders.Bench.Report;

/// <summary>The files of a saved run.</summary>
internal static class ReportFiles
{
    public const string ChartName = "benchmarks.svg";
    private const string Folder = "docs";
    private const string TextName = "benchmarks.md";

    /// <summary>Writes both files into <c>docs/</c> of the current folder.</summary>
    /// <returns>The path of the text.</returns>
    public static string Write(IReadOnlyList<ResultRow> rows, BenchSettings settings, TimeSpan took)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, TextName);
        File.WriteAllText(path, MarkdownReport.Render(rows, settings, took, Machine()));
        File.WriteAllText(Path.Combine(Folder, ChartName), SvgChart.Render(rows));
        return path;
    }

    private static string Machine() =>
        $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}, {RuntimeInformation.FrameworkDescription}";
}
