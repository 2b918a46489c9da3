using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace Orders.Tests.DynamoStreams.Scripted;

/// <summary>One instance's way to the lease store, by connections that break.</summary>
internal sealed class BreakingLeaseStore(ILeaseStore store) : DelegatingLeaseStore(store)
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

    public override async Task<IReadOnlyList<ShardLease>> TryAcquireAsync(IReadOnlyList<ShardState> shards, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var leases = await base.TryAcquireAsync(shards, owner, duration, cancellationToken);
        Break(ref _lostAcquisitions);
        return leases;
    }

    public override async Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken)
    {
        Break(ref _failedReleases);
        await base.ReleaseAsync(lease, cancellationToken);
    }

    private static void Break(ref int left)
    {
        if (Volatile.Read(ref left) > 0)
        {
            Interlocked.Decrement(ref left);
            throw new IOException("the connection broke");
        }
    }
}
