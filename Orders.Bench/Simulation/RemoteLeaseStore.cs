using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace Orders.Bench.Simulation;

/// <summary>One instance's connection to the store. The wire decides what happens to each call.</summary>
internal sealed class RemoteLeaseStore(ILeaseStore store, IStoreWire wire) : ILeaseStore
{
    public Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken) =>
        CallAsync(StoreCalls.Look, () => store.LookAsync(tableName, cancellationToken), view => view.Open.Count);

    public Task HeartbeatAsync(string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, TimeSpan? CaughtUp)> held, CancellationToken cancellationToken) =>
        CallAsync(StoreCalls.Heartbeat, () => store.HeartbeatAsync(tableName, owner, duration, held, cancellationToken), held.Count + 1);

    public Task StandDownAsync(string owner, CancellationToken cancellationToken) => CallAsync("stand down", () => store.StandDownAsync(owner, cancellationToken));

    public Task LeaveAsync(string owner, CancellationToken cancellationToken) => CallAsync("leave", () => store.LeaveAsync(owner, cancellationToken));

    public Task<IReadOnlyList<ShardLease>> TryAcquireAsync(IReadOnlyList<ShardState> shards, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        CallAsync("acquire", () => store.TryAcquireAsync(shards, owner, duration, cancellationToken), leases => leases.Count);

    public Task<long> EvictAsync(ShardState shard, CancellationToken cancellationToken) =>
        CallAsync("evict", () => store.EvictAsync(shard, cancellationToken), _ => 1);

    public Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken) => CallAsync("release", () => store.ReleaseAsync(lease, cancellationToken));

    public Task AbandonAsync(ShardLease lease, string reason, CancellationToken cancellationToken) =>
        CallAsync("abandon", () => store.AbandonAsync(lease, reason, cancellationToken));

    public Task<bool> ReopenAsync(ShardState shard, CancellationToken cancellationToken) =>
        CallAsync("reopen", () => store.ReopenAsync(shard, cancellationToken), _ => 1);

    public Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken) =>
        CallAsync("record a gap", () => store.RecordGapAsync(lease, reason, cancellationToken));

    public Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken) =>
        CallAsync("add", () => store.AddAsync(shards, cancellationToken), shards.Count);

    public Task<bool> TryClaimListingAsync(string tableName, TimeSpan interval, CancellationToken cancellationToken) =>
        CallAsync("claim", () => store.TryClaimListingAsync(tableName, interval, cancellationToken), _ => 1);

    public Task KeepListingAsync(string tableName, TimeSpan duration, CancellationToken cancellationToken) =>
        CallAsync("keep listing", () => store.KeepListingAsync(tableName, duration, cancellationToken));

    public Task EndListingAsync(string tableName, TimeSpan within, CancellationToken cancellationToken) =>
        CallAsync("end listing", () => store.EndListingAsync(tableName, within, cancellationToken));

    public Task ListWithinAsync(string tableName, TimeSpan within, CancellationToken cancellationToken) =>
        CallAsync("list within", () => store.ListWithinAsync(tableName, within, cancellationToken));

    public Task<LineageState> ReadLineageAsync(string tableName, CancellationToken cancellationToken) =>
        CallAsync("read lineage", () => store.ReadLineageAsync(tableName, cancellationToken), state => state.Shards.Count);

    public Task WriteLineageAsync(string tableName, LineagePlan plan, CancellationToken cancellationToken) =>
        CallAsync("write lineage", () => store.WriteLineageAsync(tableName, plan, cancellationToken), plan.Unknown.Count + plan.Forgettable.Count);

    private Task<int> CallAsync(string operation, Func<Task> effect, int rows = 1) => CallAsync(
        operation,
        async () =>
        {
            await effect();
            return rows;
        },
        count => count);

    private Task<T> CallAsync<T>(string operation, Func<Task<T>> effect, Func<T, int> rows) => wire.CallAsync(operation, effect, rows);
}
