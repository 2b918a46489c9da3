using DynamoStreams.Leases;

namespace Orders.Bench.Simulation;

/// <summary>A batch's transaction, which has its shard's row locked.</summary>
/// <param name="Lease">Under which it is to be committed.</param>
internal sealed record SimulatedTransaction(ShardLease Lease)
{
    /// <summary>Whether its connection is gone: it cannot commit any more.</summary>
    public bool IsEnded { get; set; }
}
