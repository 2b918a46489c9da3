using System.Text.Json;
using Orders.Bench.Apply;
using Orders.Domain;

namespace Orders.Bench.Growth;

/// <summary>
/// Changes next to existing orders: of 20, 14 are new orders, 5 a later status and 1 the deletion of an
/// order that existed before. No order changes twice.
/// </summary>
internal sealed class GrowthChanges
{
    // As dense in time as the existing orders, for any number of them: each hour has the same number of
    // orders.
    private const int PlacedInDay = 240_000;
    private const int UpdatedIn20 = 5;
    private const int DeletedIn20 = 1;

    private readonly byte[][] _pages;
    private readonly int _warmUpPages;
    private readonly Queue<Order> _toUpdate;
    private readonly Queue<Order> _toDelete;
    private readonly List<Guid> _placed = [];
    private readonly OrderSource _source = new(lines: 3);

    /// <param name="count">The number of measured changes; a multiple of
    /// <see cref="Workload.PageRecords"/>.</param>
    /// <param name="warmUp">The number of changes before them, which are not measured; also a
    /// multiple.</param>
    /// <param name="updated">Orders that get a later status, at least <see cref="Updated"/>.</param>
    /// <param name="deleted">Orders to delete, at least <see cref="Deleted"/>.</param>
    public GrowthChanges(int count, int warmUp, IReadOnlyList<Order> updated, IReadOnlyList<Order> deleted)
    {
        (Count, _warmUpPages, Before, _toUpdate, _toDelete) = (count, warmUp / Workload.PageRecords, [.. updated, .. deleted], new(updated), new(deleted));
        _pages = [.. Enumerable.Range(0, count / Workload.PageRecords).Select(Page)];
    }

    /// <summary>All of them.</summary>
    public int Count { get; }

    /// <summary>The changes that are not measured, as raw responses of GetRecords.</summary>
    public IReadOnlyList<byte[]> WarmUp => _pages[.._warmUpPages];

    /// <summary>The measured changes, also as raw responses.</summary>
    public IReadOnlyList<byte[]> Measured => _pages[_warmUpPages..];

    /// <summary>The new orders.</summary>
    public IReadOnlyList<Guid> Placed => _placed;

    /// <summary>The other orders, in their earlier state.</summary>
    public IReadOnlyList<Order> Before { get; }

    /// <summary>How many of a number of changes are a later status.</summary>
    public static int Updated(int count) => count / 20 * UpdatedIn20;

    /// <summary>How many of a number of changes are deletions.</summary>
    public static int Deleted(int count) => count / 20 * DeletedIn20;

    private byte[] Page(int page)
    {
        // The measured ones are in a shard of their own.
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
