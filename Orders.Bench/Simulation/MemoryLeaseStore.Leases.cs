using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace Orders.Bench.Simulation;

/// <content>Instances, leases, and the transactions of batches.</content>
internal sealed partial class MemoryLeaseStore
{
    private readonly SortedDictionary<string, TimeSpan> _aliveUntil = new(StringComparer.Ordinal);
    private bool _isViewStale = true;
    private TimeSpan _viewHoldsUntil;
    private LeaseView _view = new([], [], false, false);

    /// <summary>Leases taken of shards that somebody had held before.</summary>
    public long Moves { get; private set; }

    /// <summary>Hears of every lease that is taken.</summary>
    public Action<ShardKey>? Acquired { get; set; }

    /// <summary>The unfinished shards that an instance owns, or owned last.</summary>
    public IEnumerable<ShardKey> OwnedBy(string owner) => _unfinished.Where(row => row.State.Owner == owner).Select(row => row.State.Key);

    /// <summary>The instances that are alive.</summary>
    public IReadOnlyList<string> Alive => [.. _aliveUntil.Where(entry => entry.Value >= Now).Select(entry => entry.Key)];

    /// <summary>How many shards each owner has; those that nobody has although they may be read under an empty name.</summary>
    public Dictionary<string, int> Held() => _unfinished.Where(row => row.State.Owner is not null || !IsWaiting(row))
        .CountBy(row => row.State.Owner ?? "", StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    public bool IsUnfinished(ShardKey key) => Unfinished(key) is not null;

    /// <summary>Whether a batch's transaction holds the shard's row.</summary>
    public bool IsLocked(ShardKey key) => Unfinished(key)?.LockedBy is not null;

    /// <summary>How far a shard is applied.</summary>
    public string? CheckpointOf(ShardKey key) => _rows[key].Checkpoint;

    /// <summary>The shard that may be read and has longest neither been caught up nor had anything applied: for how long, and who has it.</summary>
    public (TimeSpan Silence, ShardState Shard)? Worst() => _unfinished.Where(row => !IsWaiting(row))
        .Select(row => ((TimeSpan Silence, ShardState Shard)?)(Now - Latest(row), row.State)).DefaultIfEmpty().MaxBy(entry => entry?.Silence);

    /// <summary>Since a shard was read to its end; null when none was.</summary>
    public TimeSpan? SinceEnd => Now - _rows.Values.Max(row => row.FinishedAt);

    // The same lists as long as nothing has changed in them: then whoever decides by them decides the same again.
    public Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken)
    {
        if (_isViewStale || Now > _viewHoldsUntil)
        {
            Refresh();
        }

        return Task.FromResult(_view with { IsListed = _listings.GetValueOrDefault(tableName)?.IsListed ?? false, IsListingDue = IsListingDue(tableName) });
    }

    public Task HeartbeatAsync(string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, TimeSpan? CaughtUp)> held, CancellationToken cancellationToken)
    {
        _isViewStale |= !IsAlive(owner);
        _aliveUntil[owner] = Now + duration;
        foreach (var (lease, caughtUp) in held)
        {
            if (_rows.GetValueOrDefault(new(lease.StreamArn, lease.ShardId)) is { State.Owner: not null, LockedBy: null } row && row.State.FencingToken == lease.FencingToken)
            {
                row.LeasedUntil = Now + duration;
                row.LastGoodAt = Now - caughtUp is { } at && at > row.LastGoodAt ? at : row.LastGoodAt;
            }
        }

        return Task.CompletedTask;
    }

    public Task StandDownAsync(string owner, CancellationToken cancellationToken)
    {
        _aliveUntil.Remove(owner);
        _isViewStale = true;
        return Task.CompletedTask;
    }

    public Task LeaveAsync(string owner, CancellationToken cancellationToken)
    {
        _aliveUntil.Remove(owner);
        foreach (var row in _unfinished.Where(row => row.State.Owner == owner))
        {
            GiveBack(row);
        }

        Change();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ShardLease>> TryAcquireAsync(IReadOnlyList<ShardState> shards, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var leases = new List<ShardLease>();
        foreach (var shard in shards)
        {
            if (Unfinished(shard.Key) is not { } row || row.LockedBy is not null || !IsFree(row))
            {
                continue;
            }

            Moves += row.State.FencingToken > 0 ? 1 : 0;
            row.State = row.State with { Owner = owner, Free = false, FencingToken = row.State.FencingToken + 1, FreeFor = TimeSpan.Zero };
            row.LeasedUntil = Now + duration;
            leases.Add(new ShardLease(shard.StreamArn, shard.ShardId, row.State.FencingToken, row.Checkpoint));
            Change();
            Acquired?.Invoke(shard.Key);
        }

        return Task.FromResult<IReadOnlyList<ShardLease>>(leases);
    }

    public Task<long> EvictAsync(ShardState shard, CancellationToken cancellationToken)
    {
        if (Unfinished(shard.Key) is not { } row || row.LockedBy is not { } transaction || !IsFree(row))
        {
            return Task.FromResult(0L);
        }

        transaction.IsEnded = true;
        row.LockedBy = null;
        return Task.FromResult(1L);
    }

    public Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken)
    {
        if (Unfinished(new(lease.StreamArn, lease.ShardId)) is { } row && row.State.FencingToken == lease.FencingToken)
        {
            GiveBack(row);
            Change();
        }

        return Task.CompletedTask;
    }

    /// <summary>Begins a batch's transaction by the statement that locks the shard's row, and fails where the lease is lost.</summary>
    public SimulatedTransaction? TryBegin(ShardLease lease)
    {
        if (Unfinished(new(lease.StreamArn, lease.ShardId)) is not { } row || row.State.FencingToken != lease.FencingToken)
        {
            return null;
        }

        return row.LockedBy = new SimulatedTransaction(lease);
    }

    /// <returns>Whether it is committed; not when its connection was ended.</returns>
    public bool Commit(SimulatedTransaction transaction, string? checkpoint, bool endsShard)
    {
        if (transaction.IsEnded)
        {
            return false;
        }

        var key = new ShardKey(transaction.Lease.StreamArn, transaction.Lease.ShardId);
        var row = _rows[key];
        row.LockedBy = null;
        row.Checkpoint = checkpoint ?? row.Checkpoint;
        row.LastGoodAt = Now;
        if (endsShard)
        {
            Finish(key);
        }

        return true;
    }

    /// <summary>What the server does when a process is gone whose connections are closed.</summary>
    public void RollBack(SimulatedTransaction transaction)
    {
        transaction.IsEnded = true;
        var row = _rows[new(transaction.Lease.StreamArn, transaction.Lease.ShardId)];
        if (row.LockedBy == transaction)
        {
            row.LockedBy = null;
        }
    }

    private void GiveBack(ShardRow row)
    {
        row.State = row.State with { Owner = null, Free = true };
        row.LeasedUntil = Now;
    }

    private ShardRow? Unfinished(ShardKey key) => _rows.TryGetValue(key, out var row) && !row.State.Finished ? row : null;

    private bool IsWaiting(ShardRow row) => row.State.ParentKey is { } parent && Unfinished(parent) is not null;

    // Its silence begins when its parent has ended.
    private TimeSpan Latest(ShardRow row) =>
        row.State.ParentKey is { } parent && _rows.GetValueOrDefault(parent)?.FinishedAt is { } ended && ended > row.LastGoodAt ? ended : row.LastGoodAt;

    private bool IsAlive(string owner) => _aliveUntil.TryGetValue(owner, out var until) && until >= Now;

    private bool IsFree(ShardRow row) => row.State.Owner is not { } owner || (row.LeasedUntil < Now && !IsAlive(owner));

    private void Refresh()
    {
        foreach (var (owner, _) in _aliveUntil.Where(entry => entry.Value < Now - TimeSpan.FromMinutes(1)).ToList())
        {
            _aliveUntil.Remove(owner);
        }

        var hasChanged = _isViewStale;
        var holds = TimeSpan.MaxValue;
        foreach (var row in _unfinished)
        {
            var isFree = IsFree(row);
            if (isFree || isFree != row.State.Free)
            {
                row.State = row.State with { Free = isFree, FreeFor = isFree ? Now - row.LeasedUntil : TimeSpan.Zero };
                hasChanged = true;
                holds = isFree ? Now : holds;
            }

            if (!isFree && row.LeasedUntil >= Now && row.LeasedUntil < holds)
            {
                holds = row.LeasedUntil;
            }
        }

        _viewHoldsUntil = _aliveUntil.Values.Where(until => until >= Now).Append(holds).Min();
        _isViewStale = false;
        var instances = _aliveUntil.Where(entry => entry.Value >= Now).Select(entry => entry.Key).ToList();
        if (hasChanged || !instances.SequenceEqual(_view.Instances, StringComparer.Ordinal))
        {
            _view = _view with { Open = Open, Instances = instances };
        }
    }
}
