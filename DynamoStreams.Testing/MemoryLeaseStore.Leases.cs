using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace DynamoStreams.Testing;

/// <content>Instances and leases.</content>
public sealed partial class MemoryLeaseStore
{
    private static readonly TimeSpan InstancesMemory = TimeSpan.FromMinutes(1);

    private readonly SortedDictionary<string, Instance> _instances = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task HeartbeatAsync(string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, TimeSpan? CaughtUp)> held, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _version += IsAlive(owner) ? 0 : 1;
            _instances[owner] = new(_instances.GetValueOrDefault(owner)?.TableName ?? tableName, Now + duration);
            foreach (var (lease, caughtUp) in held)
            {
                if (Unfinished(lease.Key) is { State.Owner: not null, LockedBy: null } row && row.State.FencingToken == lease.FencingToken)
                {
                    row.LeasedUntil = Now + duration;
                    row.LastGoodAt = Now - caughtUp is { } at && at > row.LastGoodAt ? at : row.LastGoodAt;
                }
            }

            foreach (var gone in _instances.Where(entry => entry.Value.AliveUntil < Now - InstancesMemory).Select(entry => entry.Key).ToList())
            {
                _instances.Remove(gone);
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task StandDownAsync(string owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _instances.Remove(owner);
            _version++;
            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task LeaveAsync(string owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _instances.Remove(owner);
            foreach (var row in _unfinished.Where(row => row.State.Owner == owner))
            {
                GiveBack(row);
            }

            Change();
            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ShardLease>> TryAcquireAsync(IReadOnlyList<ShardState> shards, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var leases = new List<ShardLease>();
            foreach (var shard in shards)
            {
                if (Unfinished(shard.Key) is { LockedBy: null } row && IsFree(row))
                {
                    leases.Add(Acquire(row, owner, duration));
                }
            }

            return Task.FromResult<IReadOnlyList<ShardLease>>(leases);
        }
    }

    /// <inheritdoc/>
    public Task<long> EvictAsync(ShardState shard, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Unfinished(shard.Key) is not { LockedBy: { } transaction } row || !IsFree(row))
            {
                return Task.FromResult(0L);
            }

            transaction.IsEnded = true;
            row.LockedBy = null;
            return Task.FromResult(1L);
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(ShardLease lease, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Unfinished(lease.Key) is { } row && row.State.FencingToken == lease.FencingToken)
            {
                GiveBack(row);
                Change();
            }

            return Task.CompletedTask;
        }
    }

    private ShardLease Acquire(ShardRow row, string owner, TimeSpan duration)
    {
        Moves += row.State.FencingToken > 0 ? 1 : 0;
        row.State = row.State with { Owner = owner, Free = false, FencingToken = row.State.FencingToken + 1, FreeFor = TimeSpan.Zero };
        row.LeasedUntil = Now + duration;
        Change();
        Acquired?.Invoke(row.State.Key);
        return new ShardLease(row.State.StreamArn, row.State.ShardId, row.State.FencingToken, row.Checkpoint)
        {
            IsOverdue = row.Checkpoint is null && row.LastGoodAt < Now - StreamsMemory,
        };
    }

    private void GiveBack(ShardRow row)
    {
        row.State = row.State with { Owner = null, Free = true };
        row.LeasedUntil = Now;
    }

    private bool IsAlive(string owner) => _instances.TryGetValue(owner, out var instance) && instance.AliveUntil >= Now;

    private bool IsFree(ShardRow row) => row.State.Owner is not { } owner || (row.LeasedUntil < Now && !IsAlive(owner));

    private sealed record Instance(string TableName, TimeSpan AliveUntil);
}
