using System.Runtime.InteropServices;
using DynamoStreams.Api;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Sync.Projection;

/// <summary>
/// What a batch of records comes to: every version for the history, the newest version of each order for the tables and the cache, and the
/// records that are no good. A pure function of the records.
/// </summary>
internal sealed class ChangeSet
{
    private readonly List<OrderChange> _versions = [];
    private readonly Dictionary<Guid, OrderChange> _newest = [];
    private readonly List<(StreamRecord Record, string Error)> _broken = [];

    private ChangeSet()
    {
    }

    /// <summary>Every version, in the stream's order.</summary>
    public IReadOnlyList<OrderChange> Versions => _versions;

    /// <summary>The newest version of each order.</summary>
    public IReadOnlyCollection<OrderChange> Newest => _newest.Values;

    /// <summary>Records that say they are orders and are not, with the reason.</summary>
    public IReadOnlyList<(StreamRecord Record, string Error)> Broken => _broken;

    /// <summary>When the newest version was written, by the writer's clock; null when there is none.</summary>
    public DateTimeOffset? LastChangeAt { get; private set; }

    public static ChangeSet From(IReadOnlyList<StreamRecord> records)
    {
        var changes = new ChangeSet();
        foreach (var record in records)
        {
            changes.Add(record);
        }

        return changes;
    }

    /// <summary>Changes that come from elsewhere than the stream: from the table itself.</summary>
    public static ChangeSet Of(IEnumerable<OrderChange> versions)
    {
        var changes = new ChangeSet();
        foreach (var version in versions)
        {
            changes.Add(version);
        }

        return changes;
    }

    private void Add(StreamRecord record)
    {
        var isRemoval = record.Event == StreamEvent.Remove;
        if (OrderItem.TryRead((isRemoval ? record.OldImage : record.NewImage).Span, out var order, out var fault))
        {
            Add(isRemoval ? Deletion(order, record) : Write(order, record));
        }
        else if (fault.Kind == ItemFaultKind.Broken)
        {
            _broken.Add((record, fault.ToString()));
        }
    }

    private void Add(OrderChange change)
    {
        _versions.Add(change);
        ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, change.OrderId, out _);
        if (newest is null || change.Version > newest.Version)
        {
            newest = change;
        }

        if (!change.IsDeletion && (LastChangeAt is null || change.Order.UpdatedAt > LastChangeAt))
        {
            LastChangeAt = change.Order.UpdatedAt;
        }
    }

    private static OrderChange Write(Order order, StreamRecord record) =>
        new(record.Event == StreamEvent.Insert ? ChangeKind.Placed : ChangeKind.Changed, order, order.Version, OrderJson.Render(order));

    // A deletion leaves no item to carry a version or a time of its own: it counts as the version after the last, at the service's time.
    private static OrderChange Deletion(Order last, StreamRecord record)
    {
        var deletedAt = record.ApproximateCreation > last.UpdatedAt ? record.ApproximateCreation : last.UpdatedAt;
        return new OrderChange(ChangeKind.Deleted, last with { UpdatedAt = deletedAt }, last.Version + 1, OrderJson.Render(last));
    }
}
