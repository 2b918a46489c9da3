using Orders.Bench.Cli;
using Orders.Bench.Stores;
using Orders.Local.Cli;

namespace Orders.Bench;

/// <summary>What a bench works with.</summary>
/// <param name="Settings">What was asked for.</param>
/// <param name="Engines">The engines, started.</param>
/// <param name="Screen">Hears of each measurement.</param>
internal sealed record BenchContext(BenchSettings Settings, BenchEngines Engines, Screen Screen)
{
    /// <summary>Tells what has just been measured.</summary>
    public void Tell(string bench, string what) => Screen.Line($"  {bench,-14}{what}");
}
