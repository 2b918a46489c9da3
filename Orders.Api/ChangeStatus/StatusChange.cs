using Orders.Domain;
using Orders.Domain.Fields;

namespace Orders.Api.ChangeStatus;

/// <summary>The next version of an order.</summary>
internal static class StatusChange
{
    /// <summary>Whether there is a version after the order's.</summary>
    public static bool HasNext(this Order order) => order.Version < OrderFields.VersionRule.Most;

    /// <summary>The order with another status.</summary>
    /// <param name="order">The current order.</param>
    /// <param name="status">A status that may follow.</param>
    /// <param name="now">The clock's time. Clocks differ between instances, but an order's time never goes
    /// back.</param>
    /// <param name="traceParent">The trace of the request that changes it.</param>
    public static Order To(this Order order, OrderStatus status, DateTimeOffset now, string? traceParent)
    {
        var updatedAt = Timestamp.Truncate(now);
        return order with
        {
            Status = status,
            UpdatedAt = updatedAt < order.UpdatedAt ? order.UpdatedAt : updatedAt,
            Version = order.Version + 1,
            TraceParent = traceParent,
        };
    }
}
