using Amazon.DynamoDBv2.Model;
using DynamoStreams.Postgres;
using DynamoStreams.Snapshots;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Sync.Cache;
using Orders.Sync.Projection;
using Orders.Sync.Repair;
using Orders.Sync.Table;

namespace Orders.Sync.Reconciling;

/// <summary>One reconciliation: its steps and its findings so far.</summary>
internal sealed class ReconcileRun(
    NpgsqlDataSource database,
    CachedEntries cache,
    OrderRepair repair,
    TotalsCheck totals,
    ScannedOrders met,
    Suspects suspects,
    ReconcileOptions options,
    IProgress<ReconcileReport>? progress,
    bool comparesRedis,
    long expectedItems) : IScanHandler, IDisposable
{
    private const int MostListed = 1_000;
    private const int StepRows = 1_000;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<Difference> _listed = [];

    public ReconcileReport Report { get; private set; } = new() { Phase = "orders", ComparedRedis = comparesRedis, ExpectedItems = expectedItems };

    /// <summary>Compares the orders of a page of the table with Postgres and Redis.</summary>
    public async Task ApplyAsync(ScanPage page, CancellationToken cancellationToken)
    {
        var orders = new Dictionary<Guid, Order>(page.Items.Count);
        var broken = new List<Guid?>();
        foreach (var item in page.Items)
        {
            if (OrderItem.TryRead(item, out var order, out var fault))
            {
                orders[order.OrderId] = order;
            }
            else if (fault.Kind == ItemFaultKind.Broken)
            {
                broken.Add(OrderId(item));
            }
        }

        var entries = await cache.ReadAsync(orders.Keys, cancellationToken);
        Dictionary<Guid, StoredOrder> stored;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            stored = await StoredOrders.ReadAsync(connection, orders.Keys, cancellationToken);
        }

        await met.AddAsync([.. orders.Keys, .. broken.OfType<Guid>()], cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var (orderId, order) in orders)
            {
                Suspect(new OrderSample(orderId, order, stored.GetValueOrDefault(orderId), entries.GetValueOrDefault(orderId)));
            }

            Tell(Report with
            {
                Items = Report.Items + page.Items.Count,
                TableOrders = Report.TableOrders + orders.Count,
                BrokenItems = Report.BrokenItems + broken.Count,
                PostgresOrders = Report.PostgresOrders + stored.Count,
                PostgresLines = Report.PostgresLines + stored.Values.Sum(order => order.Lines.Count),
                RedisEntries = Report.RedisEntries + entries.Count,
            });
            if (suspects.Count >= Suspects.Most)
            {
                await SettleAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Finds orders that other stores have and the table does not; then checks the totals.
    /// </summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        Tell(Report with { Phase = "surplus" });
        Guid? after = null;
        while (await met.SurplusAsync(after, StepRows, cancellationToken) is { Count: > 0 } surplus)
        {
            var (rows, _) = await LookAsync(surplus, cancellationToken);
            Tell(Report with { PostgresOrders = Report.PostgresOrders + rows.Count, PostgresLines = Report.PostgresLines + rows.Sum(row => row.Lines.Count) });
            after = surplus[^1];
        }

        await SettleAsync(cancellationToken);
        if (comparesRedis)
        {
            Tell(Report with { Phase = "cache" });
            await foreach (var keys in cache.WalkAsync(cancellationToken))
            {
                var (_, entries) = await LookAsync(await met.ExceptAsync(keys, cancellationToken), cancellationToken);
                Tell(Report with { RedisEntries = Report.RedisEntries + entries });
            }

            await SettleAsync(cancellationToken);
        }

        Tell(Report with { Phase = "totals" });
        await CompareTotalsAsync(cancellationToken);
        await CompareOrphansAsync(cancellationToken);
        Tell(Report with { Phase = "completed" });
    }

    public void Dispose() => _turn.Dispose();

    // Only the exact key identifies an order. A row whose item has another key counts as missing in the
    // table.
    private static Guid? OrderId(Dictionary<string, AttributeValue> item)
    {
        return OrderItem.TryReadKey(ItemKey.Of(Part(OrderAttributes.Pk), Part(OrderAttributes.Sk)), out var orderId) ? orderId : null;

        (string Name, string Value) Part(string name) => (name, item.GetValueOrDefault(name)?.S ?? "");
    }

    private void Suspect(OrderSample sample)
    {
        if (sample.Differences.Count > 0)
        {
            suspects.Add(sample);
        }
    }

    private async Task<(IReadOnlyList<StoredOrder> Rows, int Entries)> LookAsync(List<Guid> orderIds, CancellationToken cancellationToken)
    {
        var (rows, entries) = (new List<StoredOrder>(), 0);
        foreach (var chunk in orderIds.Chunk(TableReader.MaxKeys))
        {
            foreach (var sample in await suspects.LookAsync(chunk, cancellationToken))
            {
                rows.AddRange(sample.Stored is { } stored ? [stored] : []);
                entries += sample.Entry is null ? 0 : 1;
                Suspect(sample);
            }

            if (suspects.Count >= Suspects.Most)
            {
                await SettleAsync(cancellationToken);
            }
        }

        return (rows, entries);
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var lasting = await SettleSuspectsAsync(cancellationToken);
        if (lasting.Count == 0)
        {
            return;
        }

        var waiting = await BlockedOrders.FindAsync(database, lasting.Select(sample => sample.OrderId), cancellationToken);
        var remaining = lasting;
        if (options.Repairs)
        {
            await repair.RepairAsync([.. lasting.Select(sample => sample.OrderId)], lease: null, cancellationToken);
            foreach (var chunk in lasting.Select(sample => sample.OrderId).Chunk(TableReader.MaxKeys))
            {
                foreach (var sample in await suspects.LookAsync(chunk, cancellationToken))
                {
                    Suspect(sample);
                }
            }

            remaining = await SettleSuspectsAsync(cancellationToken);
        }

        Found(lasting.SelectMany(sample => sample.Differences.Select(difference => difference with { WaitsBehind = waiting.GetValueOrDefault(sample.OrderId) })), remaining.Sum(sample => (long)sample.Differences.Count));
    }

    private async Task<IReadOnlyList<OrderSample>> SettleSuspectsAsync(CancellationToken cancellationToken)
    {
        var before = suspects.Broken;
        var lasting = await suspects.SettleAsync(cancellationToken);
        Tell(Report with { BrokenItems = Report.BrokenItems + suspects.Broken - before });
        return lasting;
    }

    private async Task CompareTotalsAsync(CancellationToken cancellationToken)
    {
        var (compared, wrong) = await totals.FindAsync(cancellationToken);
        var remaining = wrong;
        if (options.Repairs && wrong.Count > 0)
        {
            foreach (var chunk in wrong.Chunk(StepRows))
            {
                await totals.RepairAsync(chunk, () => [ProjectionGate.Close()], cancellationToken);
            }

            (_, remaining) = await totals.FindAsync(cancellationToken);
        }

        Tell(Report with { Totals = compared });
        Found(wrong.SelectMany(total => total.Fields()), remaining.Sum(total => (long)total.Fields().Count()));
    }

    /// <summary>Finds lines without an order.</summary>
    private async Task CompareOrphansAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            options.Repairs
                ? """
                  WITH gone AS (DELETE FROM order_items AS i WHERE NOT EXISTS (SELECT FROM orders AS o WHERE o.order_id = i.order_id) RETURNING order_id)
                  SELECT order_id, count(*) FROM gone GROUP BY 1
                  """
                : "SELECT order_id, count(*) FROM order_items AS i WHERE NOT EXISTS (SELECT FROM orders AS o WHERE o.order_id = i.order_id) GROUP BY 1");
        command.CommandTimeout = 0;
        var orphans = new List<(Guid OrderId, long Lines)>();
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                orphans.Add((rows.GetGuid(0), rows.GetInt64(1)));
            }
        }

        // Lines of an order whose row is missing are reported with the row.
        var told = await met.ExceptAsync([.. orphans.Select(orphan => orphan.OrderId)], cancellationToken);
        var waiting = await BlockedOrders.FindAsync(database, told, cancellationToken);
        var differences = orphans.Where(orphan => told.Contains(orphan.OrderId))
            .Select(orphan => new Difference("postgres", orphan.OrderId.ToString("D"), "items", null, $"{orphan.Lines} lines of no order", waiting.GetValueOrDefault(orphan.OrderId)))
            .ToList();
        Found(differences, options.Repairs ? 0 : differences.Count);
    }

    private void Found(IEnumerable<Difference> differences, long remaining)
    {
        var found = 0;
        foreach (var difference in differences)
        {
            found++;
            if (_listed.Count < MostListed)
            {
                _listed.Add(difference);
            }
        }

        Tell(Report with { Found = Report.Found + found, Remaining = Report.Remaining + remaining, Differences = [.. _listed] });
    }

    private void Tell(ReconcileReport report)
    {
        Report = report;
        progress?.Report(report);
    }
}
