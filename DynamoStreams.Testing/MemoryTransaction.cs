using DynamoStreams.Leases;

namespace DynamoStreams.Testing;

/// <summary>A batch's transaction, which holds the lock of its shard's row.</summary>
/// <param name="lease">Under which it is to be committed.</param>
internal sealed class MemoryTransaction(ShardLease lease)
{
    /// <summary>Under which it is to be committed.</summary>
    public ShardLease Lease => lease;

    /// <summary>Whether its connection was terminated, so that it cannot commit.</summary>
    public bool IsEnded { get; set; }
}
