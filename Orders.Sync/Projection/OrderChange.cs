using System.Numerics;
using Orders.Domain;

namespace Orders.Sync.Projection;

/// <summary>One state of an order, as the stream or the table tells of it.</summary>
/// <param name="Kind">Placed, changed or deleted.</param>
/// <param name="Order">The order as of this version; of a deletion, the last there was.</param>
/// <param name="Version">This version; of a deletion, the one after the order's last.</param>
/// <param name="Body">The rendered order.</param>
internal sealed record OrderChange(ChangeKind Kind, Order Order, long Version, byte[] Body)
{
    public Guid OrderId => Order.OrderId;

    /// <summary>
    /// An order as a read of the table finds it. The table does not tell what the last write was: the first
    /// version was the placing, any other a change.
    /// </summary>
    public static OrderChange Found(Order order) => new(order.Version == 1 ? ChangeKind.Placed : ChangeKind.Changed, order, order.Version, OrderJson.Render(order));

    /// <summary>
    /// A deletion that no record of the stream tells of: the version after the last that is known, at the
    /// time when it was found out.
    /// </summary>
    /// <param name="last">The order as it is known.</param>
    /// <param name="now">When the table did not have it.</param>
    public static OrderChange FoundDeleted(Order last, DateTimeOffset now) =>
        new(ChangeKind.Deleted, last with { UpdatedAt = now > last.UpdatedAt ? now : last.UpdatedAt }, last.Version + 1, OrderJson.Render(last));

    public bool IsDeletion => Kind == ChangeKind.Deleted;

    /// <summary>
    /// Where in the stream it stands: the record's sequence number. Null for what was read from the table,
    /// which has no place in the stream.
    /// </summary>
    public BigInteger? Place { get; init; }

    /// <summary>
    /// What the order was before this change, or before the first change of its batch; null when it was not
    /// there, or that is not known.
    /// </summary>
    public OrderStamp? Before { get; init; }

    /// <summary>The states between that one and this, which its batch tells of too.</summary>
    public IReadOnlyList<OrderStamp> Passed { get; init; } = [];

    /// <summary>
    /// Whether its batch has the order's records in another order than that of their places: what is later
    /// is for the table to say.
    /// </summary>
    public bool IsOutOfOrder { get; init; }

    /// <summary>
    /// Whether no reader of the state before can take it for this one, going by the version.
    /// </summary>
    public bool RaisesVersion => Before is { } before && before.Version < Version;
}
