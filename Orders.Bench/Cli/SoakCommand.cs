using System.CommandLine;
using Orders.Bench.Soak;

namespace Orders.Bench.Cli;

/// <summary>The command <c>soak</c>.</summary>
internal static class SoakCommand
{
    private static readonly SoakSettings Defaults = new();

    /// <param name="run">Handles valid settings; its result is the exit code.</param>
    public static Command Create(Func<SoakSettings, Task<int>> run)
    {
        var minutes = Numbers.Option("--minutes", "How long.", Defaults.Minutes, least: 1, most: 1_440);
        var orders = Numbers.Option("--orders", "Orders a second.", Defaults.Orders, least: 1, most: 2_000);
        var seed = Numbers.Option("--seed", "Of what is ordered and restarted.", Defaults.Seed, least: 0, most: int.MaxValue);
        var command = new Command("soak", "All services under load with restarts: what they hold each minute, and an audit of all stores at the end.") { minutes, orders, seed };
        command.SetAction((parsed, _) => run(new() { Minutes = parsed.GetValue(minutes), Orders = parsed.GetValue(orders), Seed = parsed.GetValue(seed) }));
        return command;
    }
}
