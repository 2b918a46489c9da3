using DynamoStreams.Applying;
using DynamoStreams.Snapshots;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Sync.Projection;
using Orders.Sync.Reconciling;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Writes what a scan finds. Orders that are here already at the same version or a newer one are left alone, so that a page of a table that was
/// hardly lost closes no gate and writes no row.
/// </summary>
internal sealed partial class SnapshotPages(
    SnapshotLease lease, NpgsqlDataSource database, TableProjection projection, OrderRepair repair, TimeProvider time, ILogger logger) : IScanHandler
{
    public async Task ApplyAsync(ScanPage page, CancellationToken cancellationToken)
    {
        var orders = new Dictionary<Guid, Order>(page.Items.Count);
        var faults = new List<(string Key, string Error)>();
        foreach (var item in page.Items)
        {
            if (OrderItem.TryRead(item, out var order, out var fault))
            {
                orders[order.OrderId] = order;
            }
            else if (fault.Kind == ItemFaultKind.Broken)
            {
                faults.Add((item[OrderAttributes.Pk].S ?? ScanKey.Write(item), fault.ToString()));
            }
        }

        // A try that fails leaves nothing behind, nor what it found.
        List<(string Key, string Error)> all = [];
        await PassingFailures.WaitOutAsync(() => WriteAsync(page, orders, all = [.. faults], cancellationToken), time, logger, cancellationToken);
        foreach (var (key, error) in all)
        {
            LogBroken(key, error);
        }
    }

    private async Task WriteAsync(ScanPage page, Dictionary<Guid, Order> orders, List<(string Key, string Error)> faults, CancellationToken cancellationToken)
    {
        var (newer, differing) = await CompareAsync(orders, cancellationToken);
        if (differing.Count > 0)
        {
            var refused = await repair.RepairAsync(differing, lease, cancellationToken);
            faults.AddRange(refused.Select(order => (OrderItem.PartitionKey(order.OrderId), order.Error)));
        }

        try
        {
            await CommitAsync(page, orders.Keys, ChangeSet.Of(newer.Select(Change)), faults, cancellationToken);
        }
        catch (PostgresException refused) when (ProjectionFailures.Classify(refused) == FailureKind.Record && newer.Count > 0)
        {
            // Something in the page is not for these tables (NUL in a text, for one): each order by itself, so that only that one is left out.
            var written = await WriteEachAsync(newer, faults, cancellationToken);
            await projection.CommitAsync(
                lease, ChangeSet.Of([]), PageCommands.For(lease.SnapshotId, page, orders.Keys, written, faults), cancellationToken);
        }
    }

    private async Task<int> WriteEachAsync(List<Order> newer, List<(string Key, string Error)> faults, CancellationToken cancellationToken)
    {
        var written = 0;
        foreach (var order in newer)
        {
            try
            {
                await projection.CommitAsync(lease, ChangeSet.Of([Change(order)]), [], cancellationToken);
                written++;
            }
            catch (PostgresException refused) when (ProjectionFailures.Classify(refused) == FailureKind.Record)
            {
                faults.Add((OrderItem.PartitionKey(order.OrderId), refused.MessageText));
            }
        }

        return written;
    }

    private Task CommitAsync(ScanPage page, IReadOnlyCollection<Guid> seen, ChangeSet changes, List<(string Key, string Error)> faults, CancellationToken cancellationToken) =>
        projection.CommitAsync(lease, changes, PageCommands.For(lease.SnapshotId, page, seen, changes.Newest.Count, faults), cancellationToken);

    /// <summary>Which of these are missing here or older; and, in a rebuild, which are here at this version or a newer one and differ all the same.</summary>
    private async Task<(List<Order> Newer, List<Guid> Differing)> CompareAsync(Dictionary<Guid, Order> orders, CancellationToken cancellationToken)
    {
        if (orders.Count == 0)
        {
            return ([], []);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var versions = await StoredOrders.ReadVersionsAsync(connection, orders.Keys, cancellationToken);
        var newer = orders.Values.Where(order => !versions.TryGetValue(order.OrderId, out var version) || version < order.Version).ToList();
        if (lease.Kind != SnapshotKind.Rebuild || newer.Count == orders.Count)
        {
            return (newer, []);
        }

        var stored = await StoredOrders.ReadAsync(connection, orders.Keys, cancellationToken);
        var differing = orders.Values.Except(newer).Where(order => OrderComparison.Compare(order, stored.GetValueOrDefault(order.OrderId)).Any());
        return (newer, [.. differing.Select(order => order.OrderId)]);
    }

    // The table does not tell what the last write was. The first version was the placing, any other a change.
    private static OrderChange Change(Order order) => new(order.Version == 1 ? ChangeKind.Placed : ChangeKind.Changed, order, order.Version, OrderJson.Render(order));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The table has an item that cannot be projected, {Key}: {Error}")]
    private partial void LogBroken(string key, string error);
}
