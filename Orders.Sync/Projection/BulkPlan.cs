using DynamoStreams.Api;
using Orders.Domain;

namespace Orders.Sync.Projection;

/// <summary>
/// How a large batch is loaded as if it had never been seen before, which is to say nearly every one: new
/// orders are copied, and of an order of which nothing but its state has changed nothing but its row is
/// written. A pure function of the records. <see cref="BulkLoad"/> finds out whether it is so.
/// </summary>
internal sealed class BulkPlan
{
    /// <summary>A smaller batch gains nothing: it would cost more round trips than it saves.</summary>
    public const int FewestRecords = 500;

    private BulkPlan(ChangeSet changes)
    {
        Changes = changes;
        foreach (var newest in changes.Newest)
        {
            Add(newest, changes.FirstOf(newest.OrderId));
        }

        Shared = new([.. Placed, .. Others]);
    }

    public ChangeSet Changes { get; }

    /// <summary>Orders that begin in this batch, as they are at its end.</summary>
    public List<OrderChange> Placed { get; } = [];

    /// <summary>Orders whose status alone has changed, as they are at the end.</summary>
    public List<OrderChange> Steps { get; } = [];

    /// <summary>All others.</summary>
    public List<OrderChange> Others { get; } = [];

    /// <summary>
    /// The orders that were there before, each with the first version that it gets: the history must end
    /// before it.
    /// </summary>
    public List<(Guid OrderId, long Version)> Continued { get; } = [];

    /// <summary>The products and customers of all but the steps, which leave them as they were.</summary>
    public SharedRows Shared { get; }

    /// <param name="records">The records, in the stream's order.</param>
    /// <param name="changes">What they come to.</param>
    /// <returns>Null where it is not worth it, or the batch is no plain one: it has records that are set
    /// aside, the same one twice, or a version that is not raised.</returns>
    public static BulkPlan? TryMake(IReadOnlyList<StreamRecord> records, ChangeSet changes) =>
        records.Count >= FewestRecords && changes.SetAside.Count == 0 && changes.Gone.Count == 0 && changes.RaisesVersions && changes.Versions.Count > 0
            ? new BulkPlan(changes)
            : null;

    private void Add(OrderChange newest, (OrderChange Change, Order? Before) first)
    {
        if (first.Change.Kind != ChangeKind.Placed)
        {
            Continued.Add((newest.OrderId, first.Change.Version));
        }

        if (!newest.IsDeletion && first.Change.Kind == ChangeKind.Placed)
        {
            Placed.Add(newest);
        }
        else if (!newest.IsDeletion && first.Before is { } before && IsStep(before, newest.Order))
        {
            Steps.Add(newest);
        }
        else
        {
            Others.Add(newest);
        }
    }

    // A record compares every member it has, a later one too: only these may differ. Lists are compared by
    // what is in them.
    private static bool IsStep(Order before, Order after) =>
        after.Version > before.Version
        && before with { Status = after.Status, UpdatedAt = after.UpdatedAt, Version = after.Version, TraceParent = after.TraceParent, Items = after.Items } == after
        && before.Items.SequenceEqual(after.Items);
}
