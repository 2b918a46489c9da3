using System.Diagnostics;
using Orders.Bench.Report;
using Orders.Local.Cli;

namespace Orders.Bench.Simulation;

/// <summary>A simulation on the terminal: progress, the table, broken promises.</summary>
internal static class SimulationRun
{
    private static readonly string[] Heads = ["phase", "what", "figure", "must be", "met"];

    /// <returns>The exit code: 0 when every promise is kept, otherwise 1.</returns>
    public static async Task<int> RunAsync(SimulationSettings settings, Screen screen)
    {
        var began = Stopwatch.GetTimestamp();
        var scenario = new Scenario(settings, what => screen.Line($"  {Stopwatch.GetElapsedTime(began).TotalSeconds,5:0.0} s  {what}"));

        // Without a synchronization context, so that all stays on a single thread.
        await Task.Run(scenario.Run);
        screen.Line();
        screen.Line(TextReport.Render(Heads, scenario.Figures.Select(figure => figure.Cells)));
        screen.Line($"{settings.Shards} shards, {settings.Instances} instances, seed {settings.Seed}: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s.");
        foreach (var broken in scenario.Broken)
        {
            screen.Line($"Broken: {broken}");
        }

        return scenario.Figures.All(figure => figure.IsMet != false) ? 0 : 1;
    }
}
