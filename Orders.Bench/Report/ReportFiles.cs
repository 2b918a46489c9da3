using System.Runtime.InteropServices;
using Orders.Bench.Cli;

namespace Orders.Bench.Report;

/// <summary>The files of a run that is kept.</summary>
internal static class ReportFiles
{
    public const string ChartName = "benchmarks.svg";
    private const string Folder = "docs";
    private const string TextName = "benchmarks.md";

    /// <summary>Writes both into <c>docs/</c> of the folder that the program was started in.</summary>
    /// <returns>The text's path.</returns>
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
