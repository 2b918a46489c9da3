using Orders.Bench.Simulation;
using Orders.Tests.Simulation.Machinery;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>A transaction that has passed the gate.</summary>
/// <param name="Held">The shard's row that it has locked; null where it has none.</param>
/// <param name="Process">Whose it is.</param>
/// <param name="IsAlone">Whether it has closed the gate.</param>
internal sealed record OpenTransaction(SimulatedTransaction? Held, SimulatedProcess Process, bool IsAlone)
{
    /// <summary>Whether its connection is gone.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Whether it cannot commit any more: its connection is gone, or somebody has evicted it.</summary>
    public bool IsOver => IsEnded || Held is { IsEnded: true };
}
