using DynamoStreams.Api;
using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>
/// Streams, shards, leases, instances and gaps, where every instance sees the same. All times are the
/// store's own clock.
/// </summary>
public interface ILeaseStore
{
    /// <summary>Everything that a turn decides by, in one round trip; changes nothing.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps an instance, and by that all its leases, alive. Never waits for a batch's transaction.
    /// </summary>
    /// <param name="tableName">The table whose shards it shares.</param>
    /// <param name="owner">The instance's name.</param>
    /// <param name="duration">How long from now.</param>
    /// <param name="held">Its leases, each with how long ago its shard was last asked and had nothing more,
    /// all before that being applied; null when that is not known.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task HeartbeatAsync(string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, TimeSpan? CaughtUp)> held, CancellationToken cancellationToken);

    /// <summary>
    /// Takes an instance out of the sharing: the others divide the shards among themselves. Its leases hold
    /// until they are given back or run out.
    /// </summary>
    /// <param name="owner">The instance's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task StandDownAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Takes an instance out, and gives back what it still holds.</summary>
    /// <param name="owner">The instance's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task LeaveAsync(string owner, CancellationToken cancellationToken);

    /// <summary>
    /// Takes shards that nobody holds, or whose holder's time is over, in one round trip. Never waits for
    /// another's transaction.
    /// </summary>
    /// <param name="shards">The shards.</param>
    /// <param name="owner">This instance's name.</param>
    /// <param name="duration">How long the leases hold without a heartbeat.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A lease for each that was got; not for one where another was faster, or the last owner's
    /// last transaction is still running.</returns>
    Task<IReadOnlyList<ShardLease>> TryAcquireAsync(IReadOnlyList<ShardState> shards, string owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Takes one shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="owner">This instance's name.</param>
    /// <param name="duration">How long the lease holds without a heartbeat.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The lease; null when it was not got.</returns>
    async Task<ShardLease?> TryAcquireAsync(ShardState shard, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        await TryAcquireAsync([shard], owner, duration, cancellationToken) is [var lease] ? lease : null;

    /// <summary>Ends the transactions of a former owner that still hold a free shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many were ended.</returns>
    Task<long> EvictAsync(ShardState shard, CancellationToken cancellationToken);

    /// <summary>Gives a lease back. As long as its owner is alive it does not run out by itself.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken);

    /// <summary>Ends a shard whose rest is lost, and writes down the gap.</summary>
    /// <param name="lease">The lease on the shard. Nothing happens when it is lost.</param>
    /// <param name="reason">What happened, for a person.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task AbandonAsync(ShardLease lease, string reason, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a shard's end back: it goes on after its checkpoint. Nothing happens when it has changed since.
    /// </summary>
    /// <param name="shard">The finished shard, as it was read.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether it is open again.</returns>
    Task<bool> ReopenAsync(ShardState shard, CancellationToken cancellationToken);

    /// <summary>Writes down a gap in a shard that goes on with what is still there.</summary>
    /// <param name="lease">The lease on the shard; its checkpoint is cleared.</param>
    /// <param name="reason">What happened, for a person.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken);

    /// <summary>Writes down shards that are new. One that is there already stays as it is.</summary>
    /// <param name="shards">The shards.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken);

    /// <summary>Claims the next listing of a table's streams.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="interval">When the one after it is due, and for how long nobody else begins unless
    /// <see cref="KeepListingAsync"/> makes it longer.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether this caller is the one to list.</returns>
    Task<bool> TryClaimListingAsync(string tableName, TimeSpan interval, CancellationToken cancellationToken);

    /// <summary>Keeps others from beginning a listing while this one takes long.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="duration">For how long from now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task KeepListingAsync(string tableName, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Ends a listing: others may begin the next when it is due.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="within">In how long that is at the latest.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task EndListingAsync(string tableName, TimeSpan within, CancellationToken cancellationToken);

    /// <summary>Makes the next listing due sooner. One that is going on goes on.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="within">In how long at the latest.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task ListWithinAsync(string tableName, TimeSpan within, CancellationToken cancellationToken);

    /// <summary>Everything written down of a table's streams and shards.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<LineageState> ReadLineageAsync(string tableName, CancellationToken cancellationToken);

    /// <summary>Writes down what a listing changed, all of it or nothing.</summary>
    /// <param name="tableName">The table.</param>
    /// <param name="plan">The changes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task WriteLineageAsync(string tableName, LineagePlan plan, CancellationToken cancellationToken);
}
