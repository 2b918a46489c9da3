using System.Net;
using DynamoStreams.Api;
using Orders.Domain;

namespace Orders.Tests.Api.Store;

/// <summary>
/// Holds answers against what happened: nothing claimed that was not done, nothing done that nobody claims,
/// nothing twice.
/// </summary>
internal sealed class WriteAudit(IReadOnlyCollection<WriteAnswer> answers, List<(StreamEvent Event, Order Order)> changes)
{
    public IEnumerable<string> Faults() => [.. Statuses(), .. Placed(), .. Changed(), .. Deleted(), .. Missing()];

    private static readonly HttpStatusCode[] Expected =
    [
        HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.Conflict,
        HttpStatusCode.PreconditionFailed, HttpStatusCode.ServiceUnavailable,
    ];

    private IEnumerable<string> Statuses() => answers.Where(answer => !Expected.Contains(answer.Status)).Select(answer => $"a status that should never be: {answer}");

    private IEnumerable<string> Placed()
    {
        var inserted = changes.Where(change => change.Event == StreamEvent.Insert).Select(change => change.Order.OrderId).ToList();
        var claimed = Of("POST", HttpStatusCode.Created).Select(answer => answer.OrderId).ToList();
        var unknown = Unknown("POST").Select(answer => answer.OrderId).ToHashSet();
        return
        [
            .. inserted.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => $"placed twice: {group.Key}"),
            .. claimed.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => $"claimed twice: {group.Key}"),
            .. claimed.Except(inserted).Select(id => $"claimed and not placed: {id}"),
            .. inserted.Except(claimed).Except(unknown).Select(id => $"placed and not claimed: {id}"),
        ];
    }

    private IEnumerable<string> Changed()
    {
        var modified = changes.Where(change => change.Event == StreamEvent.Modify).Select(change => (change.Order.OrderId, change.Order.Version, change.Order.Status)).ToList();
        var claimed = Of("PATCH", HttpStatusCode.OK).ToList();
        return
        [
            .. modified.GroupBy(change => (change.OrderId, change.Version)).Where(group => group.Count() > 1).Select(group => $"a version written twice: {group.Key}"),
            .. claimed.Where(answer => !modified.Contains((answer.OrderId, answer.Version!.Value, answer.To!.Value))).Select(answer => $"claimed and not made: {answer}"),
            .. claimed.Where(answer => answer.IfMatch is not null && answer.IfMatch != answer.Version - 1 && answer.IfMatch != answer.Version)
                .Select(answer => $"made at a version that If-Match does not name: {answer}"),
            // Of those that name the version before, one can have written the next.
            .. claimed.Where(answer => answer.IfMatch == answer.Version - 1).GroupBy(answer => (answer.OrderId, answer.Version)).Where(group => group.Count() > 1)
                .Select(group => $"one change claimed by several: {group.Key}"),
            .. modified.Where(change => !claimed.Exists(answer => Is(answer, change)) && !Unknown("PATCH").Any(answer => MayBe(answer, change)))
                .Select(change => $"made and denied to all who asked for it: {change}"),
        ];

        static bool Is(WriteAnswer answer, (Guid OrderId, long Version, OrderStatus Status) change) =>
            answer.OrderId == change.OrderId && answer.Version == change.Version && answer.IfMatch != change.Version;

        static bool MayBe(WriteAnswer answer, (Guid OrderId, long Version, OrderStatus Status) change) =>
            answer.OrderId == change.OrderId && answer.To == change.Status && (answer.IfMatch ?? change.Version - 1) == change.Version - 1;
    }

    private IEnumerable<string> Deleted()
    {
        var removed = changes.Where(change => change.Event == StreamEvent.Remove).Select(change => change.Order).ToList();
        var claimed = Of("DELETE", HttpStatusCode.NoContent).ToList();
        return
        [
            .. removed.GroupBy(order => order.OrderId).Where(group => group.Count() > 1).Select(group => $"deleted twice: {group.Key}"),
            .. claimed.GroupBy(answer => answer.OrderId).Where(group => group.Count() > 1).Select(group => $"one deletion claimed by several: {group.Key}"),
            .. claimed.Where(answer => !removed.Exists(order => order.OrderId == answer.OrderId && (answer.IfMatch ?? order.Version) == order.Version))
                .Select(answer => $"claimed and not deleted, or at another version: {answer}"),
            .. removed.Where(order => !claimed.Exists(answer => answer.OrderId == order.OrderId) && !Unknown("DELETE").Any(answer => answer.OrderId == order.OrderId))
                .Select(order => $"deleted and denied to all who asked for it: {order.OrderId}"),
        ];
    }

    /// <summary>404 for an order that is there; 412 for a version that was never passed.</summary>
    private IEnumerable<string> Missing()
    {
        var removed = changes.Where(change => change.Event == StreamEvent.Remove).Select(change => change.Order.OrderId).ToHashSet();
        var latest = changes.GroupBy(change => change.Order.OrderId).ToDictionary(group => group.Key, group => group.Max(change => change.Order.Version));
        return
        [
            .. answers.Where(answer => answer.Status == HttpStatusCode.NotFound && !removed.Contains(answer.OrderId)).Select(answer => $"not missing: {answer}"),
            .. answers.Where(answer => answer.Status == HttpStatusCode.PreconditionFailed && answer.IfMatch == 1 && latest[answer.OrderId] == 1).Select(answer => $"not stale: {answer}"),
        ];
    }

    private IEnumerable<WriteAnswer> Of(string method, HttpStatusCode status) => answers.Where(answer => answer.Method == method && answer.Status == status);

    private IEnumerable<WriteAnswer> Unknown(string method) => answers.Where(answer => answer.Method == method && answer.IsUnknown);
}
