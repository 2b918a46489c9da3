using DynamoStreams.Testing;
using Orders.Tests.Simulation.Machinery;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>A transaction that has passed the gate.</summary>
/// <param name="held">The shard's row that it has locked; null where it has closed the gate.</param>
/// <param name="process">Whose it is.</param>
internal sealed class OpenTransaction(MemoryTransaction? held, SimulatedProcess process)
{
    public MemoryTransaction? Held => held;

    public SimulatedProcess Process => process;

    /// <summary>Whether it has closed the gate.</summary>
    public bool IsAlone => Held is null;

    /// <summary>Whether its connection is gone.</summary>
    public bool IsEnded { get; set; }

    /// <summary>
    /// Whether it cannot commit any more: its connection is gone, or somebody has evicted it.
    /// </summary>
    public bool IsOver => IsEnded || Held is { IsEnded: true };
}
