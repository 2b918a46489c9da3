using Npgsql;
using Orders.ServiceDefaults;
using Orders.Sync.Projection;

namespace Orders.Sync.Cache;

/// <summary>
/// The list of what Redis may lack. A batch writes its entry in its own transaction, before Redis is touched; the entry is struck out by a later
/// transaction once Redis has everything. A crash between the two leaves the entry, and <see cref="CacheRepairService"/> mends what it names.
/// </summary>
internal sealed class CacheRepairs(IRedis redis, TimeProvider time)
{
    private readonly Lock _lock = new();
    private List<Guid> _finished = [];

    /// <summary>An entry for these changes; null when there is no cache or nothing to write.</summary>
    public CacheRepair? Begin(IReadOnlyCollection<OrderChange> changes) => redis.IsConfigured && changes.Count > 0
        ? new CacheRepair(Guid.CreateVersion7(time.GetUtcNow()), [.. changes.Select(change => change.OrderId)])
        : null;

    /// <summary>Redis has everything of this entry: the next transaction may strike it out.</summary>
    public void Finish(CacheRepair repair)
    {
        lock (_lock)
        {
            _finished.Add(repair.RepairId);
        }
    }

    /// <summary>Takes the entries to strike out; whoever takes them does it, or puts them back.</summary>
    public IReadOnlyList<Guid> TakeFinished()
    {
        lock (_lock)
        {
            var taken = _finished;
            _finished = [];
            return taken;
        }
    }

    /// <summary>The transaction that was to strike these out did not commit.</summary>
    public void PutBack(IReadOnlyList<Guid> taken)
    {
        lock (_lock)
        {
            _finished.AddRange(taken);
        }
    }

    /// <summary>Writes an entry and strikes out others.</summary>
    /// <param name="repair">The new entry; null for none.</param>
    /// <param name="struck">The entries to strike out.</param>
    public static NpgsqlBatchCommand Command(CacheRepair? repair, IReadOnlyList<Guid> struck) => new(
        """
        WITH struck AS (DELETE FROM sync.cache_repairs WHERE repair_id = ANY ($1))
        INSERT INTO sync.cache_repairs (repair_id, order_ids, replaces)
        SELECT $2, $3, $4 WHERE cardinality($3) > 0
        """)
    {
        Parameters =
        {
            new() { Value = struck.ToArray() },
            new() { Value = repair?.RepairId ?? Guid.Empty },
            new() { Value = repair?.OrderIds ?? [] },
            new() { Value = repair?.Replaces ?? false },
        },
    };
}
