using DynamoStreams.Applying;
using DynamoStreams.Snapshots;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Commands;
using Orders.Sync.Projection;
using Orders.Sync.Repair;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Writes the orders of a scan. Orders that are stored in the same state are skipped, so that a page without
/// losses closes no gate and writes no row. An order that is stored in another state is read from the table
/// again, since it is unknown which state is later.
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

        // A failed attempt leaves nothing behind, so its findings are dropped too.
        List<(string Key, string Error)> all = [];
        await TransientFailures.RetryAsync(() => WriteAsync(page, orders, all = [.. faults], cancellationToken), time, logger, cancellationToken);
        foreach (var (key, error) in all)
        {
            LogBroken(PlainText.Of(key), PlainText.Of(error));
        }
    }

    private async Task WriteAsync(ScanPage page, Dictionary<Guid, Order> orders, List<(string Key, string Error)> faults, CancellationToken cancellationToken)
    {
        var (missing, differing) = await CompareAsync(orders, cancellationToken);
        await RepairAsync(differing, faults, cancellationToken);
        try
        {
            await CommitAsync(page, orders.Keys, ChangeSet.Of(missing.Select(OrderChange.Found)), faults, cancellationToken);
        }
        catch (PostgresException refused) when (ProjectionFailures.Classify(refused) == FailureKind.Record && missing.Count > 0)
        {
            // An order of the page does not fit the tables (a NUL in a text, for example): each order is
            // written alone, so that only that one is left out.
            var written = await WriteEachAsync(missing, faults, cancellationToken);
            await projection.CommitAsync(
                lease, ChangeSet.Of([]), PageCommands.For(lease.SnapshotId, page, orders.Keys, written, faults), cancellationToken);
        }
    }

    private async Task<int> WriteEachAsync(List<Order> missing, List<(string Key, string Error)> faults, CancellationToken cancellationToken)
    {
        var written = 0;
        foreach (var order in missing)
        {
            try
            {
                var here = await projection.CommitAsync(lease, ChangeSet.Of([OrderChange.Found(order)]), [], cancellationToken);
                await RepairAsync(here, faults, cancellationToken);
                written++;
            }
            catch (PostgresException refused) when (ProjectionFailures.Classify(refused) == FailureKind.Record)
            {
                faults.Add((OrderItem.PartitionKey(order.OrderId), refused.MessageText));
            }
        }

        return written;
    }

    private async Task CommitAsync(ScanPage page, IReadOnlyCollection<Guid> seen, ChangeSet changes, List<(string Key, string Error)> faults, CancellationToken cancellationToken)
    {
        // The page counts as done then. If the process ends before the repair, the stored state came from
        // the stream, which continues.
        var here = await projection.CommitAsync(lease, changes, PageCommands.For(lease.SnapshotId, page, seen, changes.Newest.Count, faults), cancellationToken);
        await RepairAsync(here, faults, cancellationToken);
    }

    private async Task RepairAsync(IReadOnlyCollection<Guid> orderIds, List<(string Key, string Error)> faults, CancellationToken cancellationToken)
    {
        if (orderIds.Count > 0)
        {
            var refused = await repair.RepairAsync([.. orderIds], lease, cancellationToken);
            faults.AddRange(refused.Select(order => (OrderItem.PartitionKey(order.OrderId), order.Error)));
        }
    }

    /// <summary>
    /// Finds orders that are not stored, and orders that are stored in another state or, in a rebuild, with
    /// other content.
    /// </summary>
    private async Task<(List<Order> Missing, List<Guid> Differing)> CompareAsync(Dictionary<Guid, Order> orders, CancellationToken cancellationToken)
    {
        if (orders.Count == 0)
        {
            return ([], []);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var known = await StoredOrders.ReadStampsAsync(connection, orders.Keys, cancellationToken);
        var missing = orders.Values.Where(order => !known.ContainsKey(order.OrderId)).ToList();
        if (lease.Kind != SnapshotKind.Rebuild || missing.Count == orders.Count)
        {
            var moved = orders.Values.Where(order => known.TryGetValue(order.OrderId, out var stamp) && stamp != OrderStamp.Of(order));
            return (missing, [.. moved.Select(order => order.OrderId)]);
        }

        var stored = await StoredOrders.ReadAsync(connection, orders.Keys, cancellationToken);
        var differing = orders.Values.Except(missing).Where(order => OrderComparison.Compare(order, stored.GetValueOrDefault(order.OrderId)).Any());
        return (missing, [.. differing.Select(order => order.OrderId)]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The table has an item that cannot be projected, {Key}: {Error}")]
    private partial void LogBroken(string key, string error);
}
