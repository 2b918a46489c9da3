using DynamoStreams.Leases;

namespace Orders.Bench.Simulation;

/// <summary>A batch's transaction, which has its shard's row locked.</summary>
/// <param name="lease">Under which it is to be committed.</param>
internal sealed class SimulatedTransaction(ShardLease lease)
{
    /// <summary>Under which it is to be committed.</summary>
    public ShardLease Lease => lease;

    /// <summary>Whether its connection is gone: it cannot commit any more.</summary>
    public bool IsEnded { get; set; }
}
