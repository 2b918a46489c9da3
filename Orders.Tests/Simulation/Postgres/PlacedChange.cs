using System.Numerics;
using Orders.Sync.Projection;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>A change of an order with its place in the stream, and the item before it.</summary>
/// <param name="Change">The change.</param>
/// <param name="Place">Its record's sequence number.</param>
/// <param name="Before">Version and time of the item before it; null for an insert.</param>
internal sealed record PlacedChange(OrderChange Change, BigInteger Place, (long Version, DateTimeOffset UpdatedAt)? Before)
{
    public Guid OrderId => Change.OrderId;

    public StoredState State => new(Change.Version, Change.Order.UpdatedAt, Change.Order.MerchantId, Change.IsDeletion ? null : Change.Body, Place);
}
