using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using DynamoStreams.Api;
using DynamoStreams.Postgres;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Sync.Projection;

/// <summary>
/// The changes in a batch of records: every state for the history, the last state of each order for the
/// tables and the cache, and the records to set aside. Those are poison records, and records that wait for
/// an earlier one of their item. A pure function of the records.
/// </summary>
internal sealed class ChangeSet
{
    private readonly List<OrderChange> _versions = [];
    private readonly Dictionary<Guid, OrderChange> _newest = [];
    private readonly Dictionary<Guid, (OrderChange Change, Order? Before)> _first = [];
    private readonly Dictionary<Guid, List<OrderStamp>> _passed = [];
    private readonly List<DeadLetter> _setAside = [];
    private readonly HashSet<Guid> _gone = [];

    // Orders with a record of the table's first second, and the keys of their items.
    private readonly Dictionary<Guid, string> _uncertain = [];
    private readonly HashSet<string> _itemKeys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _blocked;

    private readonly DateTimeOffset? _tableMadeAt;

    private ChangeSet(IEnumerable<string> blocked, DateTimeOffset? tableMadeAt = null) => (_blocked, _tableMadeAt) = (new(blocked, StringComparer.Ordinal), tableMadeAt);

    /// <summary>Every state, in the stream's order.</summary>
    public IReadOnlyList<OrderChange> Versions => _versions;

    /// <summary>The last state of each order by its place in the stream, whatever its version.</summary>
    public IReadOnlyCollection<OrderChange> Newest => _newest.Values;

    /// <summary>
    /// Records that claim to be orders but are not valid, with the reason; after each, the later records of
    /// its item.
    /// </summary>
    public IReadOnlyList<DeadLetter> SetAside => _setAside;

    /// <summary>
    /// Orders that are read from the table: these records delete them without a readable old image, or may
    /// be of a former table of the same name.
    /// </summary>
    public IReadOnlyCollection<Guid> Gone =>
        _uncertain.Count == 0 ? _gone : [.. _gone.Union(_uncertain.Where(order => !_blocked.Contains(order.Value)).Select(order => order.Key))];

    /// <summary>The keys of all items in the batch: an item with dead letters blocks its records.</summary>
    public IReadOnlyCollection<string> ItemKeys => _itemKeys;

    /// <summary>
    /// Whether each change raised its order's version, as every writer of the write API does.
    /// </summary>
    public bool RaisesVersions { get; private set; } = true;

    /// <summary>
    /// When the newest state was written, by the writer's clock; null if all changes are deletions.
    /// </summary>
    public DateTimeOffset? LastChangeAt { get; private set; }

    /// <summary>
    /// The largest difference between a writer's clock and the stream's; negative when the writer is behind.
    /// Null when none can be compared.
    /// </summary>
    public TimeSpan? WriterOffset { get; private set; }

    /// <summary>
    /// The first change of an order, and the order before it; null when it did not exist or cannot be read.
    /// </summary>
    /// <param name="orderId">An order of these records.</param>
    public (OrderChange Change, Order? Before) FirstOf(Guid orderId) => _first[orderId];

    /// <param name="records">The records, in the stream's order.</param>
    /// <param name="blocked">Items with dead letters: their records are set aside too. Null for
    /// none.</param>
    /// <param name="tableMadeAt">When the table was made; null when that is not known. Records of before are
    /// of a former table: they are not applied.</param>
    public static ChangeSet From(IEnumerable<StreamRecord> records, IEnumerable<string>? blocked = null, DateTimeOffset? tableMadeAt = null)
    {
        var changes = new ChangeSet(blocked ?? [], tableMadeAt);
        foreach (var record in records)
        {
            changes.Add(record);
        }

        return changes;
    }

    // A record's time is rounded down to the second: those of the table's first second may be of either.
    private bool IsOfFormerTable(StreamRecord record, out bool isCertain)
    {
        var second = _tableMadeAt is { } madeAt ? DateTimeOffset.FromUnixTimeSeconds(madeAt.ToUnixTimeSeconds()) : DateTimeOffset.MinValue;
        isCertain = record.ApproximateCreation < second;
        return _tableMadeAt is not null && record.ApproximateCreation <= _tableMadeAt;
    }

    /// <summary>Makes a set of changes that were read from the table, not from the stream.</summary>
    public static ChangeSet Of(IEnumerable<OrderChange> versions)
    {
        var changes = new ChangeSet([]);
        foreach (var version in versions)
        {
            changes.Add(version, before: null, isNews: true);
        }

        return changes;
    }

    private void Add(StreamRecord record)
    {
        if (record.Undecodable is { } reason)
        {
            // A redriven dead letter; an undecodable record of the stream never gets here.
            _itemKeys.Add(ItemKey.Of(record.Keys));
            Block(record, ItemKey.Of(record.Keys), $"the record cannot be decoded: {reason}");
            return;
        }

        if (IsOfFormerTable(record, out var isCertain) && OrderItem.TryReadKey(ItemKey.Of(record.Keys), out var former))
        {
            if (isCertain)
            {
                _gone.Add(former);
                return;
            }

            // Unless a record of it is set aside: then the order waits for that, and not for the table.
            _uncertain[former] = ItemKey.Of(record.Keys);
        }

        var isRemoval = record.Event == StreamEvent.Remove;
        _ = OrderItem.TryRead((isRemoval ? record.OldImage : record.NewImage).Span, out var order, out var fault);
        if (fault?.Kind == ItemFaultKind.OtherEntity && record.Event == StreamEvent.Insert)
        {
            return;
        }

        var itemKey = ItemKey.Of(record.Keys);
        if (fault is not null && (isRemoval || fault.Kind == ItemFaultKind.OtherEntity) && OrderItem.TryReadKey(itemKey, out var gone))
        {
            // The order was deleted or is another kind of item now; the old image is not needed to see that.
            _gone.Add(gone);
            return;
        }

        if (fault?.Kind == ItemFaultKind.OtherEntity)
        {
            return;
        }

        if (fault?.Kind == ItemFaultKind.Unknown && !OrderItem.IsKey(itemKey))
        {
            return;
        }

        _itemKeys.Add(itemKey);
        var error = fault?.ToString();
        if (error is not null || _blocked.Contains(itemKey))
        {
            Block(record, itemKey, error);
        }
        else
        {
            if (!isRemoval)
            {
                NoteOffset(order!.UpdatedAt, record.ApproximateCreation);
            }

            var change = (isRemoval ? Deletion(order!, record) : Write(order!, record)) with { Place = PlaceOf(record) };
            // AWS writes no record for a write that changes nothing; emulators may.
            Add(change, isRemoval ? order : Before(order!.OrderId, record), isNews: !record.OldImage.Span.SequenceEqual(record.NewImage.Span));
        }
    }

    private void Block(StreamRecord record, string itemKey, string? error)
    {
        _blocked.Add(itemKey);
        _setAside.Add(new DeadLetter(record, itemKey, MerchantOf.Record(record), error));
    }

    private static BigInteger PlaceOf(StreamRecord record) => BigInteger.Parse(record.SequenceNumber, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The order before the first of its records; the others follow from that.</summary>
    private Order? Before(Guid orderId, StreamRecord record) =>
        record.Event == StreamEvent.Modify && !_newest.ContainsKey(orderId) && OrderItem.TryRead(record.OldImage.Span, out var before, out _) && before.OrderId == orderId ? before : null;

    private void Add(OrderChange change, Order? before, bool isNews)
    {
        ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, change.OrderId, out var isKnown);
        if (newest?.Place is { } place && place == change.Place)
        {
            return;
        }

        RaisesVersions &= isNews && change.Version > (newest?.Version ?? before?.Version ?? 0);
        if (!isKnown)
        {
            newest = change with { Before = before is null ? null : OrderStamp.Of(before) };
            _first.Add(change.OrderId, (newest, before));
        }
        else
        {
            // The stream keeps the order of an item's records. Another order means that the records come
            // from elsewhere.
            var isBehind = newest!.Place > change.Place;
            if (!newest.IsDeletion && !isBehind)
            {
                Passed(change.OrderId).Add(OrderStamp.Of(newest.Order));
            }

            newest = (isBehind ? newest : change) with { Before = newest.Before, Passed = Passed(change.OrderId), IsOutOfOrder = newest.IsOutOfOrder || isBehind };
        }

        if (isNews)
        {
            _versions.Add(change);
        }

        if (!change.IsDeletion && (LastChangeAt is null || change.Order.UpdatedAt > LastChangeAt))
        {
            LastChangeAt = change.Order.UpdatedAt;
        }
    }

    // The stream's times are rounded down to whole seconds, so a difference within that second does not
    // count.
    private void NoteOffset(DateTimeOffset writer, DateTimeOffset stream)
    {
        if (stream <= DateTimeOffset.UnixEpoch)
        {
            return;
        }

        var end = stream.AddSeconds(1);
        var offset = writer < stream ? writer - stream : writer > end ? writer - end : TimeSpan.Zero;
        if (WriterOffset is not { } most || offset.Duration() > most.Duration())
        {
            WriterOffset = offset;
        }
    }

    private List<OrderStamp> Passed(Guid orderId) => CollectionsMarshal.GetValueRefOrAddDefault(_passed, orderId, out _) ??= [];

    private static OrderChange Write(Order order, StreamRecord record) =>
        new(record.Event == StreamEvent.Insert ? ChangeKind.Placed : ChangeKind.Changed, order, order.Version, OrderJson.Render(order));

    // A deletion has no version or time of its own: it counts as the version after the last one, at the
    // service's time.
    private static OrderChange Deletion(Order last, StreamRecord record)
    {
        var deletedAt = record.ApproximateCreation > last.UpdatedAt ? record.ApproximateCreation : last.UpdatedAt;
        return new OrderChange(ChangeKind.Deleted, last with { UpdatedAt = deletedAt }, last.Version + 1, OrderJson.Render(last));
    }
}
