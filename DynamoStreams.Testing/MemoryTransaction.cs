using DynamoStreams.Leases;

namespace DynamoStreams.Testing;

/// <summary>A batch's transaction, which has its shard's row locked.</summary>
/// <param name="lease">Under which it is to be committed.</param>
internal sealed class MemoryTransaction(ShardLease lease)
{
    /// <summary>Under which it is to be committed.</summary>
    public ShardLease Lease => lease;

    /// <summary>Whether its connection is gone: it cannot commit any more.</summary>
    public bool IsEnded { get; set; }
}
