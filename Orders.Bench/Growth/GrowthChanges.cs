using System.Text.Json;
using Orders.Bench.Apply;
using Orders.Domain;

namespace Orders.Bench.Growth;

/// <summary>
/// Changes beside orders that are there: 14 in 20 are new, 5 a further status and 1 the deletion of one that
/// was there beforehand, none twice.
/// </summary>
internal sealed class GrowthChanges
{
    // As far apart as those that are there, whatever the size: then as many fall into an hour.
    private const int PlacedInDay = 240_000;
    private const int UpdatedIn20 = 5;
    private const int DeletedIn20 = 1;

    private readonly byte[][] _pages;
    private readonly int _warmUpPages;
    private readonly Queue<Order> _toUpdate;
    private readonly Queue<Order> _toDelete;
    private readonly List<Guid> _placed = [];
    private readonly OrderSource _source = new(lines: 3);

    /// <param name="count">How many; a multiple of <see cref="Workload.PageRecords"/>.</param>
    /// <param name="warmUp">How many of these come first and are not measured; likewise.</param>
    /// <param name="updated">Orders to write a further status of, <see cref="Updated"/> at least.</param>
    /// <param name="deleted">Orders to delete, <see cref="Deleted"/> at least.</param>
    public GrowthChanges(int count, int warmUp, IReadOnlyList<Order> updated, IReadOnlyList<Order> deleted)
    {
        (Count, _warmUpPages, Before, _toUpdate, _toDelete) = (count, warmUp / Workload.PageRecords, [.. updated, .. deleted], new(updated), new(deleted));
        _pages = [.. Enumerable.Range(0, count / Workload.PageRecords).Select(Page)];
    }

    /// <summary>All of them.</summary>
    public int Count { get; }

    /// <summary>Those that are not measured, as raw answers of GetRecords.</summary>
    public IReadOnlyList<byte[]> WarmUp => _pages[.._warmUpPages];

    /// <summary>The others, likewise.</summary>
    public IReadOnlyList<byte[]> Measured => _pages[_warmUpPages..];

    /// <summary>The new orders.</summary>
    public IReadOnlyList<Guid> Placed => _placed;

    /// <summary>The others, as they were.</summary>
    public IReadOnlyList<Order> Before { get; }

    /// <summary>How many of so many changes are a further status.</summary>
    public static int Updated(int count) => count / 20 * UpdatedIn20;

    /// <summary>How many of so many changes are deletions.</summary>
    public static int Deleted(int count) => count / 20 * DeletedIn20;

    private byte[] Page(int page)
    {
        // The measured ones are a shard of their own.
        var place = page < _warmUpPages ? page : page - _warmUpPages;
        return Workload.Page(place + 1, (writer, i) => WriteChange(writer, (page * Workload.PageRecords) + i));
    }

    private void WriteChange(Utf8JsonWriter writer, int sequence)
    {
        switch (sequence % 20)
        {
            case < DeletedIn20:
                Workload.Write(writer, sequence, "REMOVE", _toDelete.Dequeue(), after: null);
                break;
            case < DeletedIn20 + UpdatedIn20:
                var before = _toUpdate.Dequeue();
                Workload.Write(writer, sequence, "MODIFY", before, Workload.Step(before));
                break;
            default:
                var order = _source.Place(PlacedInDay);
                _placed.Add(order.OrderId);
                Workload.Write(writer, sequence, "INSERT", before: null, order);
                break;
        }
    }
}
