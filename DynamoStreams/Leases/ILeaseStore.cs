using DynamoStreams.Api;
using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>
/// Streams, shards, leases, instances and gaps, where every instance sees the same. All times are the
/// store's own clock.
/// </summary>
public interface ILeaseStore
{
    /// <summary>
    /// Reads everything that one round of lease decisions needs, in one round trip. Changes nothing.
    /// </summary>
    /// <param name="tableName">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps an instance, and by that all its leases, alive. Never waits for a batch's transaction.
    /// </summary>
    /// <param name="tableName">The table whose shards it shares.</param>
    /// <param name="owner">The instance's name.</param>
    /// <param name="duration">How long from now.</param>
    /// <param name="held">Its leases, each with the time since its shard was last polled without result,
    /// with everything before that applied; null when unknown.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task HeartbeatAsync(string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, TimeSpan? CaughtUp)> held, CancellationToken cancellationToken);

    /// <summary>
    /// Removes an instance from the sharing: the others divide the shards among themselves. Its leases hold
    /// until they are released or expire.
    /// </summary>
    /// <param name="owner">The instance's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task StandDownAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Removes an instance and releases its leases.</summary>
    /// <param name="owner">The instance's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task LeaveAsync(string owner, CancellationToken cancellationToken);

    /// <summary>
    /// Leases shards that are free or whose lease has expired, in one round trip. Never waits for another
    /// instance's transaction.
    /// </summary>
    /// <param name="shards">The shards.</param>
    /// <param name="owner">This instance's name.</param>
    /// <param name="duration">How long the leases hold without a heartbeat.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A lease for each shard that was acquired. There is none for a shard that another instance
    /// took first, or whose last owner still has a transaction open.</returns>
    Task<IReadOnlyList<ShardLease>> TryAcquireAsync(IReadOnlyList<ShardState> shards, string owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Leases one shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="owner">This instance's name.</param>
    /// <param name="duration">How long the lease holds without a heartbeat.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The lease; null when it was not acquired.</returns>
    async Task<ShardLease?> TryAcquireAsync(ShardState shard, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        await TryAcquireAsync([shard], owner, duration, cancellationToken) is [var lease] ? lease : null;

    /// <summary>Terminates transactions of a former owner that still lock a free shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many were ended.</returns>
    Task<long> EvictAsync(ShardState shard, CancellationToken cancellationToken);

    /// <summary>Releases a lease. While its owner is alive, a lease does not expire by itself.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken);

    /// <summary>Finishes a shard whose remaining records are lost, and records the gap.</summary>
    /// <param name="lease">The lease on the shard. Nothing happens when it is lost.</param>
    /// <param name="reason">What happened, for a person.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task AbandonAsync(ShardLease lease, string reason, CancellationToken cancellationToken);

    /// <summary>
    /// Reopens a finished shard: reading continues after its checkpoint. Nothing happens when the shard has
    /// changed since (optimistic concurrency).
    /// </summary>
    /// <param name="shard">The finished shard, in the state that was read.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether it is open again.</returns>
    Task<bool> ReopenAsync(ShardState shard, CancellationToken cancellationToken);

    /// <summary>Records a gap in a shard that continues with the records that are left.</summary>
    /// <param name="lease">The lease on the shard; its checkpoint is cleared.</param>
    /// <param name="reason">What happened, for a person.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken);

    /// <summary>Stores new shards. A shard that is stored already stays as it is.</summary>
    /// <param name="shards">The shards.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken);

    /// <summary>Claims the next listing of a table's streams.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="interval">When the next listing is due. No other instance begins one before that, or
    /// longer if <see cref="KeepListingAsync"/> extends the time.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether this caller may list.</returns>
    Task<bool> TryClaimListingAsync(string tableName, TimeSpan interval, CancellationToken cancellationToken);

    /// <summary>Extends the claim on a listing that takes long.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="duration">For how long from now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task KeepListingAsync(string tableName, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Ends a listing: others may begin the next when it is due.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="within">The next listing is due within this time.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task EndListingAsync(string tableName, TimeSpan within, CancellationToken cancellationToken);

    /// <summary>Makes the next listing due sooner. A running listing is not affected.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="within">The next listing is due within this time.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task ListWithinAsync(string tableName, TimeSpan within, CancellationToken cancellationToken);

    /// <summary>Everything that is stored of a table's streams and shards.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<LineageState> ReadLineageAsync(string tableName, CancellationToken cancellationToken);

    /// <summary>Stores the changes of a listing, all of them or none.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="plan">The changes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task WriteLineageAsync(string tableName, LineagePlan plan, CancellationToken cancellationToken);
}
