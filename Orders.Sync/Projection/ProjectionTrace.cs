using System.Diagnostics;
using Orders.ServiceDefaults;

namespace Orders.Sync.Projection;

/// <summary>
/// Continues the trace of each request that wrote an order: its trace context travels in the item, so that one trace runs from the POST through the
/// stream to the projection.
/// </summary>
internal static class ProjectionTrace
{
    public static void Record(IReadOnlyList<OrderChange> changes, DateTimeOffset started, DateTimeOffset committed)
    {
        if (!Telemetry.Source.HasListeners())
        {
            return;
        }

        foreach (var change in changes)
        {
            // A deletion's image still carries the context of the last write, which is another request's.
            if (change.IsDeletion || !ActivityContext.TryParse(change.Order.TraceParent, traceState: null, isRemote: true, out var parent))
            {
                continue;
            }

            using var span = Telemetry.Source.StartActivity("project order", ActivityKind.Consumer, parent, startTime: started);
            span?.SetTag("orders.order_id", change.OrderId);
            span?.SetTag("orders.version", change.Version);
            span?.SetTag("orders.lag_ms", (committed - change.Order.UpdatedAt).TotalMilliseconds);
            span?.SetEndTime(committed.UtcDateTime);
        }
    }
}
