using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace Orders.Tests.DynamoStreams.Lineage;

/// <summary>The lineage of one table in memory, for simulations: the listing's half of a lease store.</summary>
internal sealed class MemoryLeaseStore : ILeaseStore
{
    private readonly List<string> _streams = [];
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private readonly Dictionary<ShardKey, ShardState> _shards = [];

    public int Gaps { get; private set; }

    /// <summary>How often anything has changed.</summary>
    public int Changes { get; private set; }

    public IReadOnlyList<ShardState> Open => [.. _shards.Values.Where(shard => !shard.Finished && _begun.Contains(shard.StreamArn))];

    public void Finish(ShardKey key, bool isGap = false)
    {
        _shards[key] = _shards[key] with { Finished = true };
        Gaps += isGap ? 1 : 0;
        Changes++;
    }

    public Task<bool> TryClaimListingAsync(string tableName, TimeSpan interval, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task ListWithinAsync(string tableName, TimeSpan within, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<LineageState> ReadLineageAsync(string tableName, CancellationToken cancellationToken) =>
        Task.FromResult(new LineageState([.. _streams.Order(StringComparer.Ordinal)], _begun, [.. _shards.Values]));

    public Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken)
    {
        foreach (var (arn, shard) in shards)
        {
            Changes += _shards.TryAdd(new(arn, shard.ShardId), new ShardState(arn, shard.ShardId, shard.ParentShardId, Finished: false, Free: true)) ? 1 : 0;
        }

        return Task.CompletedTask;
    }

    public async Task WriteLineageAsync(string tableName, LineagePlan plan, CancellationToken cancellationToken)
    {
        _streams.AddRange(plan.NewStreams.Select(stream => stream.StreamArn));
        _begun.UnionWith(plan.Begins);
        await AddAsync(plan.Unknown, cancellationToken);
        foreach (var shard in plan.BrokenOff.Concat(plan.Forgettable))
        {
            Changes += _shards.Remove(shard.Key) ? 1 : 0;
        }

        Gaps += plan.BrokenOff.Count;
    }

    public Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task HeartbeatAsync(string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, bool CaughtUp)> held, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task LeaveAsync(string owner, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ShardLease?> TryAcquireAsync(ShardState shard, string owner, TimeSpan duration, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> EvictAsync(ShardState shard, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AbandonAsync(ShardLease lease, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();
}
