using Orders.Bench.Cli;
using Orders.Bench.Stores;
using Orders.Local.Cli;

namespace Orders.Bench;

/// <summary>What a bench needs.</summary>
/// <param name="Settings">The settings of the run.</param>
/// <param name="Engines">The running engines.</param>
/// <param name="Screen">Receives each measurement.</param>
internal sealed record BenchContext(BenchSettings Settings, BenchEngines Engines, Screen Screen)
{
    /// <summary>Reports a measurement.</summary>
    public void Tell(string bench, string what) => Screen.Line($"  {bench,-14}{what}");
}
