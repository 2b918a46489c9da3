using System.Numerics;
using Orders.Domain;
using Orders.Sync.Projection;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>
/// The tables of the read model: orders with their tombstones, orders in doubt, and the history, which is
/// the feed of changes.
/// </summary>
internal sealed class ReadModel(World world)
{
    private readonly Dictionary<Guid, StoredState> _orders = [];
    private readonly HashSet<(Guid OrderId, BigInteger Place)> _history = [];
    private readonly Dictionary<Guid, long> _doubtful = [];
    private long _notes;

    /// <summary>Orders in doubt, each with when it was noted last.</summary>
    public IReadOnlyList<(Guid OrderId, long NotedBy)> Doubtful => [.. _doubtful.Select(entry => (entry.Key, entry.Value))];

    public StoredState? Find(Guid orderId) => _orders.GetValueOrDefault(orderId);

    /// <summary>Applies a batch's changes.</summary>
    /// <returns>The orders that stay as they are, and are in doubt.</returns>
    public IReadOnlySet<Guid> Apply(ChangeSet changes)
    {
        foreach (var change in changes.Versions)
        {
            if (_history.Add((change.OrderId, change.Place!.Value)))
            {
                world.Auditor.History.Told(change.OrderId, change.Place.Value);
            }
        }

        var refused = new HashSet<Guid>();
        foreach (var change in changes.Newest)
        {
            switch (RowRule.Decide(world, Find(change.OrderId), change))
            {
                case RowVerdict.Write:
                    Write(change.OrderId, StoredState.Of(change));
                    break;
                case RowVerdict.Ask:
                    _doubtful[change.OrderId] = ++_notes;
                    refused.Add(change.OrderId);
                    break;
            }
        }

        return refused;
    }

    /// <summary>Makes an order what it is in the table. What is the same already keeps its place.</summary>
    /// <returns>What is here now; null when nothing is.</returns>
    public StoredState? Rewrite(Guid orderId, Order? truth)
    {
        var stored = Find(orderId);
        if (truth is null && stored is { IsRow: true })
        {
            Write(orderId, stored with { Version = stored.Version + 1, Body = null, Place = null });
        }
        else if (truth is not null && (stored is not { IsRow: true } || !stored.Body!.AsSpan().SequenceEqual(OrderJson.Render(truth))))
        {
            Write(orderId, StoredState.Of(truth));
        }

        return Find(orderId);
    }

    /// <summary>The table was asked for an order. What was noted since stays.</summary>
    public void StrikeOut(Guid orderId, long notedBy)
    {
        if (_doubtful.GetValueOrDefault(orderId) == notedBy)
        {
            _doubtful.Remove(orderId);
        }
    }

    private void Write(Guid orderId, StoredState state)
    {
        _orders[orderId] = state;
        world.Auditor.Rows.Committed(orderId, state.Version, state.Body);
    }
}
