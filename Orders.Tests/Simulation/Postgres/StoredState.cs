using System.Numerics;
using Orders.Domain;
using Orders.Sync.Projection;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>What Postgres has of an order: its row, or the tombstone of one.</summary>
/// <param name="Version">The version; of a tombstone, that of the deletion.</param>
/// <param name="UpdatedAt">When the version was written.</param>
/// <param name="MerchantId">Whose it is.</param>
/// <param name="Body">The rendered order; null for a tombstone.</param>
/// <param name="Place">The sequence number of the record that wrote it; null when it was read from the
/// table.</param>
internal sealed record StoredState(long Version, DateTimeOffset UpdatedAt, string MerchantId, byte[]? Body, BigInteger? Place)
{
    public bool IsRow => Body is not null;

    /// <summary>As the product's rule takes it.</summary>
    public StoredStamp Stamp => new(!IsRow, new OrderStamp(Version, IsRow ? UpdatedAt : default), Place);

    public static StoredState Of(OrderChange change) =>
        new(change.Version, change.Order.UpdatedAt, change.Order.MerchantId, change.IsDeletion ? null : change.Body, change.Place);

    /// <summary>As a look at the table finds it.</summary>
    public static StoredState Of(Order order) => new(order.Version, order.UpdatedAt, order.MerchantId, OrderJson.Render(order), Place: null);
}
