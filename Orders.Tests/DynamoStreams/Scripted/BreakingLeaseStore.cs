using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace Orders.Tests.DynamoStreams.Scripted;

/// <summary>One instance's way to the lease store, by connections that break.</summary>
internal sealed class BreakingLeaseStore(ILeaseStore store) : ILeaseStore
{
    private int _failedReleases;
    private int _lostAcquisitions;

    /// <summary>Releases that will fail before they are done.</summary>
    public int FailedReleases
    {
        get => Volatile.Read(ref _failedReleases);
        init => _failedReleases = value;
    }

    /// <summary>Acquisitions that will be done, and their answers lost.</summary>
    public int LostAcquisitions
    {
        get => Volatile.Read(ref _lostAcquisitions);
        init => _lostAcquisitions = value;
    }

    public Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken) => store.LookAsync(tableName, cancellationToken);

    public Task HeartbeatAsync(string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, bool CaughtUp)> held, CancellationToken cancellationToken) =>
        store.HeartbeatAsync(tableName, owner, duration, held, cancellationToken);

    public Task StandDownAsync(string owner, CancellationToken cancellationToken) => store.StandDownAsync(owner, cancellationToken);

    public Task LeaveAsync(string owner, CancellationToken cancellationToken) => store.LeaveAsync(owner, cancellationToken);

    public async Task<IReadOnlyList<ShardLease>> TryAcquireAsync(IReadOnlyList<ShardState> shards, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var leases = await store.TryAcquireAsync(shards, owner, duration, cancellationToken);
        Break(ref _lostAcquisitions);
        return leases;
    }

    public Task<long> EvictAsync(ShardState shard, CancellationToken cancellationToken) => store.EvictAsync(shard, cancellationToken);

    public async Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken)
    {
        Break(ref _failedReleases);
        await store.ReleaseAsync(lease, cancellationToken);
    }

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

    private static void Break(ref int left)
    {
        if (Volatile.Read(ref left) > 0)
        {
            Interlocked.Decrement(ref left);
            throw new IOException("the connection broke");
        }
    }
}
