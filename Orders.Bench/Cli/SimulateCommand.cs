using System.CommandLine;
using Orders.Bench.Simulation;

namespace Orders.Bench.Cli;

/// <summary>The command <c>simulate</c>.</summary>
internal static class SimulateCommand
{
    private static readonly SimulationSettings Defaults = new();

    /// <param name="run">Handles valid settings; its result is the exit code.</param>
    public static Command Create(Func<SimulationSettings, Task<int>> run)
    {
        var shards = Numbers.Option("--shards", "Shards of the stream.", Defaults.Shards, least: 10, most: 100_000);
        var instances = Numbers.Option("--instances", "Instances of Orders.Sync at the start.", Defaults.Instances, least: 5, most: 1_000);
        var seed = Numbers.Option("--seed", "The same seed gives the same run.", Defaults.Seed, least: 0, most: int.MaxValue);
        var minutes = Numbers.Option("--minutes", "Of virtual time in which instances come and go.", Defaults.ChurnMinutes, least: 1, most: 1_440);
        var command = new Command("simulate", "Many shards and many instances in virtual time, by the consumer's own rules.") { shards, instances, seed, minutes };
        command.SetAction((parsed, _) => run(new()
        {
            Shards = parsed.GetValue(shards),
            Instances = parsed.GetValue(instances),
            Seed = parsed.GetValue(seed),
            ChurnMinutes = parsed.GetValue(minutes),
        }));
        return command;
    }
}
