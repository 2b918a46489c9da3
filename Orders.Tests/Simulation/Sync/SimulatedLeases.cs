using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace Orders.Tests.Simulation.Sync;

/// <summary>The lease store. Without the second sign of a shard's end, every shard that is open looks as if a child of it were written down.</summary>
internal sealed class SimulatedLeases(World world, ILeaseStore store) : ILeaseStore
{
    public async Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken)
    {
        var view = await store.LookAsync(tableName, cancellationToken);
        return world.Lacks(Repair.SecondSign) ? view with { Open = [.. view.Open, .. view.Open.Select(Child)] } : view;
    }

    public Task HeartbeatAsync(string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, bool CaughtUp)> held, CancellationToken cancellationToken) =>
        store.HeartbeatAsync(tableName, owner, duration, held, cancellationToken);

    public Task StandDownAsync(string owner, CancellationToken cancellationToken) => store.StandDownAsync(owner, cancellationToken);

    public Task LeaveAsync(string owner, CancellationToken cancellationToken) => store.LeaveAsync(owner, cancellationToken);

    public Task<IReadOnlyList<ShardLease>> TryAcquireAsync(IReadOnlyList<ShardState> shards, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        store.TryAcquireAsync(shards, owner, duration, cancellationToken);

    public Task<long> EvictAsync(ShardState shard, CancellationToken cancellationToken) => store.EvictAsync(shard, cancellationToken);

    public Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken) => store.ReleaseAsync(lease, cancellationToken);

    public Task AbandonAsync(ShardLease lease, string reason, CancellationToken cancellationToken) => store.AbandonAsync(lease, reason, cancellationToken);

    public Task<bool> ReopenAsync(ShardState shard, CancellationToken cancellationToken) => store.ReopenAsync(shard, cancellationToken);

    public Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken) => store.RecordGapAsync(lease, reason, cancellationToken);

    public Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken) => store.AddAsync(shards, cancellationToken);

    public Task<bool> TryClaimListingAsync(string tableName, TimeSpan interval, CancellationToken cancellationToken) =>
        store.TryClaimListingAsync(tableName, interval, cancellationToken);

    public Task KeepListingAsync(string tableName, TimeSpan duration, CancellationToken cancellationToken) => store.KeepListingAsync(tableName, duration, cancellationToken);

    public Task EndListingAsync(string tableName, TimeSpan within, CancellationToken cancellationToken) => store.EndListingAsync(tableName, within, cancellationToken);

    public Task ListWithinAsync(string tableName, TimeSpan within, CancellationToken cancellationToken) => store.ListWithinAsync(tableName, within, cancellationToken);

    public Task<LineageState> ReadLineageAsync(string tableName, CancellationToken cancellationToken) => store.ReadLineageAsync(tableName, cancellationToken);

    public Task WriteLineageAsync(string tableName, LineagePlan plan, CancellationToken cancellationToken) => store.WriteLineageAsync(tableName, plan, cancellationToken);

    private static ShardState Child(ShardState shard) => new(shard.StreamArn, $"{shard.ShardId}-child", shard.ShardId, Finished: false, Free: false);
}
