using System.Numerics;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>The tables of the read model: orders with their tombstones, and the history, which is the feed of changes.</summary>
internal sealed class ReadModel(World world)
{
    private readonly Dictionary<Guid, StoredState> _orders = [];
    private readonly HashSet<(Guid OrderId, BigInteger Place)> _history = [];

    public StoredState? Find(Guid orderId) => _orders.GetValueOrDefault(orderId);

    /// <summary>Orders of which only the table can tell whether the batch's change is newer.</summary>
    public IReadOnlySet<Guid> FindDoubtful(BatchCommit commit) => commit.Newest
        .Where(change => !commit.LookedUp.ContainsKey(change.OrderId) && RowRule.Decide(world, Find(change.OrderId), change) == RowVerdict.Doubt)
        .Select(change => change.OrderId).ToHashSet();

    public void Apply(BatchCommit commit)
    {
        foreach (var change in commit.Versions)
        {
            if (_history.Add((change.OrderId, change.Place)))
                world.Auditor.History.Told(change.OrderId, change.Place);
        }

        foreach (var change in commit.Newest)
        {
            if (commit.LookedUp.TryGetValue(change.OrderId, out var found))
                Write(change.OrderId, found);
            else if (RowRule.Decide(world, Find(change.OrderId), change) == RowVerdict.Write)
                Write(change.OrderId, change.State);
        }
    }

    public void Write(Guid orderId, StoredState state)
    {
        _orders[orderId] = state;
        world.Auditor.Rows.Committed(orderId, state.Version, state.Body);
    }
}
