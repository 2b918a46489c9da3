using DynamoStreams.Api;
using Orders.Domain;

namespace Orders.Sync.Projection;

/// <summary>
/// The plan to load a large batch as new, as nearly every batch is. New orders are copied. Of an order whose
/// status alone has changed, only the row is written. A pure function of the records; <see cref="BulkLoad"/>
/// checks its assumptions.
/// </summary>
internal sealed class BulkPlan
{
    /// <summary>A smaller batch would cost more round trips than it saves.</summary>
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
    /// The orders that existed before, each with its first new version: the history must end before it.
    /// </summary>
    public List<(Guid OrderId, long Version)> Continued { get; } = [];

    /// <summary>
    /// The products and customers of all orders but those of <see cref="Steps"/>, which do not change them.
    /// </summary>
    public SharedRows Shared { get; }

    /// <param name="records">The records, in the stream's order.</param>
    /// <param name="changes">What they come to.</param>
    /// <returns>Null when it does not pay, or the batch is unusual: it has records to set aside, a record
    /// twice, or a version that does not rise.</returns>
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

    // Record equality compares every member, also ones added later. Only these members may differ. Lists are
    // compared by content.
    private static bool IsStep(Order before, Order after) =>
        after.Version > before.Version
        && before with { Status = after.Status, UpdatedAt = after.UpdatedAt, Version = after.Version, TraceParent = after.TraceParent, Items = after.Items } == after
        && before.Items.SequenceEqual(after.Items);
}
