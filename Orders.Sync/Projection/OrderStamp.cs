using System.Runtime.InteropServices;
using Orders.Domain;

namespace Orders.Sync.Projection;

/// <summary>Identifies a state of an order.</summary>
/// <param name="Version">The version.</param>
/// <param name="UpdatedAt">The writer's time.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OrderStamp(long Version, DateTimeOffset UpdatedAt)
{
    public static OrderStamp Of(Order order) => new(order.Version, order.UpdatedAt);
}
