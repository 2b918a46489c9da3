using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace DynamoStreams.Testing;

/// <content>The transactions of batches.</content>
public sealed partial class MemoryLeaseStore
{
    /// <summary>Whether a batch's transaction holds the shard's row.</summary>
    internal bool IsLocked(ShardKey key)
    {
        lock (_lock)
        {
            return Unfinished(key)?.LockedBy is not null;
        }
    }

    /// <summary>
    /// Begins a batch's transaction: locks the shard's row, and fails when the lease is lost.
    /// </summary>
    internal MemoryTransaction? TryBegin(ShardLease lease)
    {
        lock (_lock)
        {
            return Unfinished(lease.Key) is { } row && row.State.FencingToken == lease.FencingToken ? row.LockedBy = new MemoryTransaction(lease) : null;
        }
    }

    /// <returns>Whether it was committed; false when its connection was terminated.</returns>
    internal bool Commit(MemoryTransaction transaction, string? checkpoint, bool endsShard)
    {
        lock (_lock)
        {
            if (transaction.IsEnded)
            {
                return false;
            }

            var row = _rows[transaction.Lease.Key];
            row.LockedBy = null;
            row.Checkpoint = checkpoint ?? row.Checkpoint;
            row.LastGoodAt = Now;
            if (endsShard)
            {
                Finish(transaction.Lease.Key);
            }

            return true;
        }
    }

    /// <summary>What the server does when a process dies and its connections close.</summary>
    internal void RollBack(MemoryTransaction transaction)
    {
        lock (_lock)
        {
            transaction.IsEnded = true;
            var row = _rows[transaction.Lease.Key];
            if (row.LockedBy == transaction)
            {
                row.LockedBy = null;
            }
        }
    }

    /// <summary>Finishes a shard without a lease.</summary>
    internal void Finish(ShardKey key, bool isGap = false, string? checkpoint = null)
    {
        lock (_lock)
        {
            var row = _rows[key];
            if (_unfinished.Remove(row))
            {
                ShardSets++;
            }

            row.Checkpoint = checkpoint ?? row.Checkpoint;
            row.State = row.State with { Finished = true };
            if (isGap)
            {
                NoteGap(key, "finished as a gap", row.Checkpoint);
            }

            row.FinishedAt = Now;
            Change();
        }
    }
}
