using System.Numerics;
using Orders.Domain;

namespace Orders.Tests.Simulation.Audit;

/// <summary>The auditor's own record of what the table held: every state of every item, in order.</summary>
internal sealed class TableRecord(Func<TimeSpan> now)
{
    private readonly Dictionary<Guid, List<TableEntry>> _orders = [];

    public IReadOnlyCollection<Guid> Orders => _orders.Keys;

    /// <summary>States of an order, oldest first. The first is that it was not there.</summary>
    public IReadOnlyList<TableEntry> Of(Guid orderId) => Entries(orderId);

    /// <summary>How many changes there were of an order.</summary>
    public int Changes(Guid orderId) => Entries(orderId).Count - 1;

    public TableEntry Latest(Guid orderId) => Entries(orderId)[^1];

    public void Wrote(Guid orderId, Order? order, BigInteger sequence, string by) =>
        Entries(orderId).Add(new(order is null ? null : (order.Version, order.Amount, order.Status.ToString()), sequence, now(), by));

    /// <summary>
    /// Which state that is; null when the table never had it. Every state of an order has another version or
    /// amount.
    /// </summary>
    public int? Find(Guid orderId, (long Version, decimal Amount) state)
    {
        var entries = Entries(orderId);
        var index = entries.FindLastIndex(entry => entry.State is { } known && (known.Version, known.Amount) == state);
        return index < 0 ? null : index;
    }

    /// <summary>
    /// The first state from there on in which the order is not there; null when there is none.
    /// </summary>
    public int? FindAbsent(Guid orderId, int from)
    {
        var index = Entries(orderId).FindIndex(from, entry => entry.State is null);
        return index < 0 ? null : index;
    }

    private List<TableEntry> Entries(Guid orderId)
    {
        if (!_orders.TryGetValue(orderId, out var entries))
        {
            _orders[orderId] = entries = [new TableEntry(null, BigInteger.Zero, TimeSpan.Zero, "")];
        }

        return entries;
    }
}
