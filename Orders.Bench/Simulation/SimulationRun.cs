using System.Diagnostics;
using Orders.Local.Cli;

namespace Orders.Bench.Simulation;

/// <summary>A simulation at the terminal: progress, the table, what was broken.</summary>
internal static class SimulationRun
{
    private static readonly string[] Heads = ["phase", "what", "figure", "must be", "met"];

    /// <returns>0 when every promise is kept, else 1.</returns>
    public static async Task<int> RunAsync(SimulationSettings settings, Screen screen)
    {
        var began = Stopwatch.GetTimestamp();
        var scenario = new Scenario(settings, what => screen.Line($"  {Stopwatch.GetElapsedTime(began).TotalSeconds,5:0.0} s  {what}"));

        // Where no synchronization context takes the single thread away.
        await Task.Run(scenario.Run);
        screen.Line();
        screen.Line(Render(scenario.Figures));
        screen.Line($"{settings.Shards} shards, {settings.Instances} instances, seed {settings.Seed}: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s.");
        foreach (var broken in scenario.Broken)
            screen.Line($"Broken: {broken}");
        return scenario.Figures.All(figure => figure.IsMet != false) ? 0 : 1;
    }

    private static string Render(IReadOnlyList<SimulationFigure> figures)
    {
        var cells = figures.Select(figure => figure.Cells).Prepend(Heads).ToList();
        var widths = Enumerable.Range(0, Heads.Length).Select(column => cells.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', cells.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }
}
