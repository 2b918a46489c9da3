using Orders.Domain;

namespace Orders.Sync.Projection;

/// <summary>One version of an order, as the stream tells of it.</summary>
/// <param name="Kind">Placed, changed or deleted.</param>
/// <param name="Order">The order as of this version; of a deletion, the last there was.</param>
/// <param name="Version">This version; of a deletion, the one after the order's last.</param>
/// <param name="Body">The rendered order.</param>
internal sealed record OrderChange(ChangeKind Kind, Order Order, long Version, byte[] Body)
{
    public Guid OrderId => Order.OrderId;

    public bool IsDeletion => Kind == ChangeKind.Deleted;
}
