using System.Numerics;
using Orders.Domain;

namespace Orders.Sync.Projection;

/// <summary>One state of an order, from the stream or from the table.</summary>
/// <param name="Kind">Placed, changed or deleted.</param>
/// <param name="Order">The order in this version; for a deletion, its last state.</param>
/// <param name="Version">This version; for a deletion, the one after the order's last.</param>
/// <param name="Body">The rendered order.</param>
internal sealed record OrderChange(ChangeKind Kind, Order Order, long Version, byte[] Body)
{
    public Guid OrderId => Order.OrderId;

    /// <summary>
    /// An order that was read from the table. The table does not say what the last write was: the first
    /// version counts as placed, any other as changed.
    /// </summary>
    public static OrderChange Found(Order order) => new(order.Version == 1 ? ChangeKind.Placed : ChangeKind.Changed, order, order.Version, OrderJson.Render(order));

    /// <summary>
    /// A deletion that was found in the table, not in the stream: the version after the last known one, at
    /// the time when it was found.
    /// </summary>
    /// <param name="last">The last known order.</param>
    /// <param name="now">When the table did not contain it.</param>
    public static OrderChange FoundDeleted(Order last, DateTimeOffset now) =>
        new(ChangeKind.Deleted, last with { UpdatedAt = now > last.UpdatedAt ? now : last.UpdatedAt }, last.Version + 1, OrderJson.Render(last));

    public bool IsDeletion => Kind == ChangeKind.Deleted;

    /// <summary>
    /// The place in the stream: the record's sequence number. Null for a state that was read from the table.
    /// </summary>
    public BigInteger? Place { get; init; }

    /// <summary>
    /// The state before this change, or before the first change of its batch; null when there was none, or
    /// it is unknown.
    /// </summary>
    public OrderStamp? Before { get; init; }

    /// <summary>The states between that one and this one, from the same batch.</summary>
    public IReadOnlyList<OrderStamp> Passed { get; init; } = [];

    /// <summary>
    /// Whether the batch has the order's records out of order, so that the table must be read to know the
    /// latest state.
    /// </summary>
    public bool IsOutOfOrder { get; init; }

    /// <summary>
    /// Whether the version is higher than before, so that readers can tell the two states apart by version.
    /// </summary>
    public bool RaisesVersion => Before is { } before && before.Version < Version;
}
