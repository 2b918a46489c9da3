using DynamoStreams.Applying;
using DynamoStreams.Leases;

namespace DynamoStreams.Testing.Compliance;

/// <summary>
/// An empty lease store, and what a case needs in addition to <see cref="ILeaseStore"/>: its clock,
/// transactions and gaps.
/// </summary>
public interface ILeaseStoreUnderTest
{
    /// <summary>The store.</summary>
    ILeaseStore Store { get; }

    /// <summary>Moves the store's own clock forward.</summary>
    /// <param name="time">By how much.</param>
    Task AdvanceAsync(TimeSpan time);

    /// <summary>
    /// Begins the transaction that applies a batch. Its first step locks the shard, and fails when the lease
    /// is lost.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <exception cref="LeaseLostException">Another instance owns the shard, or it is finished.</exception>
    Task<ILeaseTransaction> BeginAsync(ShardBatch batch);

    /// <summary>Every recorded gap, in any order.</summary>
    Task<IReadOnlyList<StoredGap>> ReadGapsAsync();
}
