using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace Orders.Tests.DynamoStreams.Scripted;

/// <summary>Passes every call on: a base for stores that change some.</summary>
internal abstract class DelegatingLeaseStore(ILeaseStore store) : ILeaseStore
{
    public virtual Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken) => store.LookAsync(tableName, cancellationToken);

    public virtual Task HeartbeatAsync(string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, TimeSpan? CaughtUp)> held, CancellationToken cancellationToken) =>
        store.HeartbeatAsync(tableName, owner, duration, held, cancellationToken);

    public virtual Task StandDownAsync(string owner, CancellationToken cancellationToken) => store.StandDownAsync(owner, cancellationToken);

    public virtual Task LeaveAsync(string owner, CancellationToken cancellationToken) => store.LeaveAsync(owner, cancellationToken);

    public virtual Task<IReadOnlyList<ShardLease>> TryAcquireAsync(IReadOnlyList<ShardState> shards, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        store.TryAcquireAsync(shards, owner, duration, cancellationToken);

    public virtual Task<long> EvictAsync(ShardState shard, CancellationToken cancellationToken) => store.EvictAsync(shard, cancellationToken);

    public virtual Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken) => store.ReleaseAsync(lease, cancellationToken);

    public virtual Task AbandonAsync(ShardLease lease, string reason, CancellationToken cancellationToken) => store.AbandonAsync(lease, reason, cancellationToken);

    public virtual Task<bool> ReopenAsync(ShardState shard, CancellationToken cancellationToken) => store.ReopenAsync(shard, cancellationToken);

    public virtual Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken) => store.RecordGapAsync(lease, reason, cancellationToken);

    public virtual Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken) => store.AddAsync(shards, cancellationToken);

    public virtual Task<bool> TryClaimListingAsync(string tableName, TimeSpan interval, CancellationToken cancellationToken) =>
        store.TryClaimListingAsync(tableName, interval, cancellationToken);

    public virtual Task KeepListingAsync(string tableName, TimeSpan duration, CancellationToken cancellationToken) => store.KeepListingAsync(tableName, duration, cancellationToken);

    public virtual Task EndListingAsync(string tableName, TimeSpan within, CancellationToken cancellationToken) => store.EndListingAsync(tableName, within, cancellationToken);

    public virtual Task ListWithinAsync(string tableName, TimeSpan within, CancellationToken cancellationToken) => store.ListWithinAsync(tableName, within, cancellationToken);

    public virtual Task<LineageState> ReadLineageAsync(string tableName, CancellationToken cancellationToken) => store.ReadLineageAsync(tableName, cancellationToken);

    public virtual Task WriteLineageAsync(string tableName, LineagePlan plan, CancellationToken cancellationToken) => store.WriteLineageAsync(tableName, plan, cancellationToken);
}
