using System.Diagnostics;
using DynamoStreams.Applying;
using Orders.ServiceDefaults.Telemetry;

namespace Orders.Sync.Projection;

/// <summary>
/// Continues the traces of the requests that wrote a batch's orders; the items carry their trace contexts. A
/// span has one parent, but a batch may belong to many traces. So, by the OpenTelemetry conventions for
/// messaging, the batch is one span with a link to each context, and the spans of Postgres and Redis are its
/// children. A batch of one trace is also a child in that trace, so that the trace of a single POST is
/// complete. In a batch of several changes each change has a span in its own trace, with a link to the
/// batch.
/// </summary>
internal sealed class ProjectionTrace : IDisposable
{
    /// <summary>The service's name in telemetry.</summary>
    public const string ServiceName = "orders-sync";

    private const string OneOrder = "project order";
    private const string Batch = "process orders";

    private readonly Activity _span;
    private readonly bool _isOneOrder;
    private readonly DateTimeOffset _started;

    private ProjectionTrace(Activity span, bool isOneOrder, DateTimeOffset started) => (_span, _isOneOrder, _started) = (span, isOneOrder, started);

    /// <summary>Starts the batch's span, which becomes the caller's current one.</summary>
    /// <returns>Null when nothing listens, or none of the changes belongs to a trace.</returns>
    public static ProjectionTrace? Start(ShardBatch batch, IReadOnlyList<OrderChange> changes, DateTimeOffset started)
    {
        if (!Telemetry.Source.HasListeners())
        {
            return null;
        }

        var requests = changes.Select(RequestOf).Where(request => request != default).Distinct().ToList();
        if (requests.Count == 0)
        {
            return null;
        }

        var isOneOrder = changes.Count == 1;
        var parent = requests.TrueForAll(request => request.TraceId == requests[0].TraceId) ? requests[0] : default;
        // A span without an explicit parent would become a child of the current one.
        Activity.Current = null;
        var span = Telemetry.Source.StartActivity(
            isOneOrder ? OneOrder : Batch, ActivityKind.Consumer, parent, Tags(batch), requests.Select(request => new ActivityLink(request)), started);
        return span is null ? null : new(span, isOneOrder, started);
    }

    /// <summary>Adds the attributes that are known after the commit.</summary>
    public void Committed(IReadOnlyList<OrderChange> changes, DateTimeOffset committed)
    {
        foreach (var change in changes)
        {
            if (_isOneOrder)
            {
                Describe(_span, change, committed);
            }
            else if (RequestOf(change) is var request && request != default)
            {
                using var span = Telemetry.Source.StartActivity(OneOrder, ActivityKind.Consumer, request, links: [new(_span.Context)], startTime: _started);
                Describe(span, change, committed);
                span?.SetEndTime(committed.UtcDateTime);
            }
        }
    }

    /// <summary>Marks the batch as failed: it was not applied, or the work after it failed.</summary>
    public void Failed(Exception failure)
    {
        _span.SetStatus(ActivityStatusCode.Error, failure.Message);
        _span.SetTag("error.type", failure.GetType().FullName);
        _span.AddException(failure);
    }

    public void Dispose() => _span.Dispose();

    // A deletion's image has the context of the last write, which was another request.
    private static ActivityContext RequestOf(OrderChange change) =>
        !change.IsDeletion && ActivityContext.TryParse(change.Order.TraceParent, traceState: null, isRemote: true, out var request) ? request : default;

    private static ActivityTagsCollection Tags(ShardBatch batch) => new()
    {
        [Telemetry.ServiceTag] = ServiceName,
        ["messaging.system"] = "aws_dynamodb_streams",
        ["messaging.operation.type"] = "process",
        ["messaging.operation.name"] = "process",
        ["messaging.destination.partition.id"] = batch.Lease.ShardId,
        ["messaging.batch.message_count"] = batch.Records.Count,
    };

    private static void Describe(Activity? span, OrderChange change, DateTimeOffset committed)
    {
        span?.SetTag(Telemetry.ServiceTag, ServiceName);
        span?.SetTag("orders.order_id", change.OrderId.ToString());
        span?.SetTag("orders.version", change.Version);
        span?.SetTag("orders.lag_ms", (committed - change.Order.UpdatedAt).TotalMilliseconds);
    }
}
