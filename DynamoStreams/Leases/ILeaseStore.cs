using DynamoStreams.Api;
using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>Shards, leases and gaps, where every instance sees the same.</summary>
public interface ILeaseStore
{
    /// <summary>Every shard written down.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<ShardState>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Writes down shards that are new. One that is there already stays as it is.</summary>
    /// <param name="shards">The shards.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken);

    /// <summary>Takes a shard that nobody holds, or whose holder's time is over.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="owner">This instance's name.</param>
    /// <param name="duration">How long the lease holds without renewal.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The lease; null when another was faster.</returns>
    Task<ShardLease?> TryAcquireAsync(ShardState shard, string owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Renews leases.</summary>
    /// <param name="leases">The leases to renew, each with whether its shard had nothing left to read since the last renewal.</param>
    /// <param name="duration">How long they hold from now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Those that are still held; the others belong to somebody else by now.</returns>
    Task<IReadOnlyCollection<ShardLease>> RenewAsync(IReadOnlyList<(ShardLease Lease, bool CaughtUp)> leases, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives a lease back, so that another instance need not wait for its time to run out.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken);

    /// <summary>Ends a shard whose rest is lost, and writes down the gap.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="reason">What happened, for a person.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task AbandonAsync(ShardState shard, string reason, CancellationToken cancellationToken);

    /// <summary>Writes down a gap in a shard that goes on with what is still there.</summary>
    /// <param name="lease">The lease on the shard; its checkpoint is cleared.</param>
    /// <param name="reason">What happened, for a person.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken);

    /// <summary>Deletes rows of shards that nothing depends on any more.</summary>
    /// <param name="shards">The shards.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task ForgetAsync(IReadOnlyList<ShardState> shards, CancellationToken cancellationToken);
}
