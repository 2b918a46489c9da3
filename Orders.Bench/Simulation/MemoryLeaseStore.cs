using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace Orders.Bench.Simulation;

/// <summary>The lease store in memory, for simulations, by the rules of the one in Postgres: streams and shards in this part, leases in the other.</summary>
/// <param name="clock">The store's own clock; one that stands still when none is given.</param>
internal sealed partial class MemoryLeaseStore(Func<TimeSpan>? clock = null) : ILeaseStore
{
    private static readonly Comparer<ShardRow> ById = Comparer<ShardRow>.Create((a, b) =>
        string.CompareOrdinal(a.State.StreamArn, b.State.StreamArn) is not 0 and var difference ? difference : string.CompareOrdinal(a.State.ShardId, b.State.ShardId));

    private readonly SortedSet<string> _streams = new(StringComparer.Ordinal);
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private readonly HashSet<string> _disabled = new(StringComparer.Ordinal);
    private readonly Dictionary<ShardKey, ShardRow> _rows = [];
    private readonly HashSet<ShardKey> _parents = [];
    private readonly List<ShardRow> _unfinished = [];
    private readonly Dictionary<string, Listing> _listings = new(StringComparer.Ordinal);

    public int Gaps => GapReasons.Count;

    /// <summary>Why, for each gap.</summary>
    public List<string> GapReasons { get; } = [];

    /// <summary>How often anything has changed.</summary>
    public int Changes { get; private set; }

    /// <summary>How many shards are written down, finished ones too.</summary>
    public int Known => _rows.Count;

    /// <summary>How often a shard has come or finished.</summary>
    public int ShardSets { get; private set; }

    public IReadOnlyList<ShardState> Open => _begun.IsSupersetOf(_streams) && _disabled.Count == 0 && _streams.Count <= 1
        ? _unfinished.ConvertAll(row => row.State)
        : [.. _unfinished.Where(row => _begun.Contains(row.State.StreamArn)).Select(row => row.State with { GetsNoMore = GetsNoMore(row.State.StreamArn) })];

    private TimeSpan Now => clock?.Invoke() ?? TimeSpan.Zero;

    /// <summary>Whether a child of the shard is written down.</summary>
    public bool HasChild(ShardKey key) => _parents.Contains(key);

    public void Finish(ShardKey key, bool isGap = false, string? checkpoint = null)
    {
        var row = _rows[key];
        if (_unfinished.Remove(row))
        {
            ShardSets++;
        }

        row.Checkpoint = checkpoint ?? row.Checkpoint;
        row.State = row.State with { Finished = true, Checkpoint = row.Checkpoint };
        if (isGap)
        {
            GapReasons.Add($"{key.ShardId} finished as a gap");
        }

        row.FinishedAt = Now;
        Change();
    }

    public Task<bool> TryClaimListingAsync(string tableName, TimeSpan interval, CancellationToken cancellationToken)
    {
        var isDue = IsListingDue(tableName);
        if (isDue)
        {
            _listings[tableName] = new(Now + interval, Now + interval, _listings.GetValueOrDefault(tableName)?.IsListed ?? false);
        }

        return Task.FromResult(isDue);
    }

    public Task KeepListingAsync(string tableName, TimeSpan duration, CancellationToken cancellationToken)
    {
        _listings[tableName] = _listings[tableName] with { ClaimedUntil = Now + duration };
        return Task.CompletedTask;
    }

    public Task EndListingAsync(string tableName, TimeSpan within, CancellationToken cancellationToken)
    {
        _listings[tableName] = _listings[tableName] with { ClaimedUntil = TimeSpan.MinValue };
        return ListWithinAsync(tableName, within, cancellationToken);
    }

    public Task ListWithinAsync(string tableName, TimeSpan within, CancellationToken cancellationToken)
    {
        if (_listings.TryGetValue(tableName, out var listing) && listing.DueAt > Now + within)
        {
            _listings[tableName] = listing with { DueAt = Now + within };
        }

        return Task.CompletedTask;
    }

    public Task<LineageState> ReadLineageAsync(string tableName, CancellationToken cancellationToken) =>
        Task.FromResult(new LineageState([.. _streams], _begun, [.. _rows.Values.Select(row => row.State)]));

    public Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken)
    {
        foreach (var (arn, shard) in shards)
        {
            var row = new ShardRow(new ShardState(arn, shard.ShardId, shard.ParentShardId, Finished: false, Free: true)) { LeasedUntil = Now, LastGoodAt = Now };
            if (_rows.TryAdd(row.State.Key, row))
            {
                _unfinished.Insert(~_unfinished.BinarySearch(row, ById), row);
                ShardSets++;
                Change();
                if (row.State.ParentKey is { } parent)
                {
                    _parents.Add(parent);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<bool> ReopenAsync(ShardState shard, CancellationToken cancellationToken)
    {
        if (!_rows.TryGetValue(shard.Key, out var row) || !row.State.Finished || row.State.FencingToken != shard.FencingToken || row.Checkpoint != shard.Checkpoint)
        {
            return Task.FromResult(false);
        }

        row.State = row.State with { Finished = false, Owner = null, Free = true };
        (row.LeasedUntil, row.FinishedAt) = (Now, null);
        _unfinished.Insert(~_unfinished.BinarySearch(row, ById), row);
        ShardSets++;
        Change();
        return Task.FromResult(true);
    }

    public async Task WriteLineageAsync(string tableName, LineagePlan plan, CancellationToken cancellationToken)
    {
        _streams.UnionWith(plan.NewStreams.Select(stream => stream.StreamArn));
        _begun.UnionWith(plan.Begins);
        _disabled.Clear();
        _disabled.UnionWith(plan.Disabled);
        await AddAsync(plan.Unknown, cancellationToken);
        foreach (var shard in plan.BrokenOff.Concat(plan.Forgettable))
        {
            if (_rows.Remove(shard.Key))
            {
                Change();
            }
        }

        GapReasons.AddRange(plan.BrokenOff.Select(shard => $"{shard.ShardId}: the shards that followed it were trimmed before they were found"));
        _listings[tableName] = _listings[tableName] with { IsListed = _listings[tableName].IsListed || plan.HasShards };
        _isViewStale = true;
    }

    public Task AbandonAsync(ShardLease lease, string reason, CancellationToken cancellationToken)
    {
        var key = new ShardKey(lease.StreamArn, lease.ShardId);
        if (Unfinished(key) is { } row && row.State.FencingToken == lease.FencingToken)
        {
            Finish(key);
            row.State = row.State with { Owner = null };
            GapReasons.Add($"{lease.ShardId}: {reason}");
        }

        return Task.CompletedTask;
    }

    public Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken)
    {
        if (Unfinished(new(lease.StreamArn, lease.ShardId)) is not { } row || row.State.FencingToken != lease.FencingToken)
        {
            throw new LeaseLostException(lease.ShardId);
        }

        row.Checkpoint = null;
        GapReasons.Add($"{lease.ShardId}: {reason}");
        return Task.CompletedTask;
    }

    private bool GetsNoMore(string streamArn) => _disabled.Contains(streamArn) || streamArn != _streams.Max;

    private bool IsListingDue(string tableName) =>
        clock is null || !_listings.TryGetValue(tableName, out var listing) || (listing.DueAt <= Now && listing.ClaimedUntil < Now);

    private void Change()
    {
        Changes++;
        _isViewStale = true;
    }

    private sealed record Listing(TimeSpan DueAt, TimeSpan ClaimedUntil, bool IsListed);

    private sealed class ShardRow(ShardState state)
    {
        public ShardState State { get; set; } = state;

        /// <summary>When nobody owns it: since when it is free.</summary>
        public TimeSpan LeasedUntil { get; set; }

        public string? Checkpoint { get; set; }

        /// <summary>When it was found, or last had something applied or nothing left.</summary>
        public TimeSpan LastGoodAt { get; set; }

        public TimeSpan? FinishedAt { get; set; }

        public SimulatedTransaction? LockedBy { get; set; }
    }
}
