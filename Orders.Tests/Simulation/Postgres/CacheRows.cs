using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Orders.Sync.Projection;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>The tables about Redis, and what a commit checks of them.</summary>
internal sealed class CacheRows(World world)
{
    private readonly Dictionary<string, Suspension> _suspensions = new(StringComparer.Ordinal);
    private readonly List<(Guid RepairId, Guid[] OrderIds)> _repairs = [];
    private int _repaired;

    /// <summary>The names of the read model in Redis.</summary>
    public static CacheKeys Keys { get; } = new("simulated");

    /// <summary>Which Redis is read.</summary>
    public string? Identity { get; set; }

    public bool IsSuspended => _suspensions.Count > 0;

    /// <summary>Who empties Redis now.</summary>
    public object? Purger { get; set; }

    /// <summary>
    /// What a batch's commit relies on must still be so; what it leaves Redis without is listed.
    /// </summary>
    public void Check(CacheCommit commit)
    {
        if (commit.Identity is not null && commit.Identity != Identity)
        {
            throw PostgresErrors.Of(ReadModelSqlStates.CacheIdentityLost, "Redis was emptied since these changes were announced there");
        }

        if (commit.SuspendedBy is { } owner && !world.Lacks(Repair.Suspensions) && _suspensions.GetValueOrDefault(owner) is not { IsSettled: true })
        {
            throw PostgresErrors.Of(ReadModelSqlStates.CacheNotSuspended, "readers may trust Redis, and these changes are not announced there");
        }
    }

    /// <summary>Lists orders that Redis lacks a change of.</summary>
    public void List(Guid[] orderIds)
    {
        if (orderIds.Length > 0)
        {
            _repairs.Add((new Guid(++_repaired, 0, 0, new byte[8]), orderIds));
        }
    }

    /// <returns>Whether another's that is settled is there.</returns>
    public bool Suspend(string owner)
    {
        if (world.Lacks(Repair.Suspensions))
        {
            return true;
        }

        if (_suspensions.TryAdd(owner, new Suspension(world.Now)))
        {
            world.Log.Add("postgres", $"{owner} keeps readers from Redis");
        }

        return _suspensions.Any(entry => entry.Key != owner && entry.Value.IsSettled);
    }

    public bool Settle(string owner) => _suspensions.TryGetValue(owner, out var suspension) && (suspension.IsSettled = true);

    public IReadOnlyList<(string Owner, bool IsLiftable)> Suspensions(string owner, IReadOnlyCollection<string> alive) =>
    [
        .. _suspensions.OrderBy(entry => entry.Key != owner)
            .Select(entry => (entry.Key, entry.Key == owner || (entry.Value.At < world.Now - TimeSpan.FromSeconds(30) && !alive.Contains(entry.Key)))),
    ];

    public bool TryLift(string owner)
    {
        if (!_suspensions.ContainsKey(owner))
        {
            return true;
        }

        if (_repairs.Count > 0)
        {
            return false;
        }

        world.Log.Add("postgres", $"{owner} lets readers to Redis");
        return _suspensions.Remove(owner);
    }

    public (Guid[] RepairIds, IReadOnlyCollection<Guid> OrderIds) Repairs(int limit)
    {
        var oldest = _repairs.Take(limit).ToList();
        return ([.. oldest.Select(entry => entry.RepairId)], oldest.SelectMany(entry => entry.OrderIds).Distinct().ToList());
    }

    public int Delete(Guid[] repairIds) => _repairs.RemoveAll(entry => repairIds.Contains(entry.RepairId));

    private sealed class Suspension(TimeSpan at)
    {
        public TimeSpan At => at;

        public bool IsSettled { get; set; }
    }
}
