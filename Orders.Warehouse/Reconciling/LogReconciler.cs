using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Reconciling;

/// <summary>
/// Compares the newest state of the orders with the read model: for each day on which orders were placed
/// their number and what they amount to, and for days that differ every order. Both move while they are
/// compared, and the log is a file behind: only what differs in the same way a while later is a difference.
/// </summary>
internal sealed class LogReconciler(NpgsqlDataSource database, NewestOrders orders, WarehouseSettings settings, TimeProvider time)
{
    private const int Named = 20;

    // Files are written at this age, and then a moment later.
    private static readonly TimeSpan Writing = TimeSpan.FromSeconds(5);

    /// <summary>Compares.</summary>
    /// <param name="waiting">Told when something differs and is looked at again.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<LogReconcileReport> RunAsync(Func<int, Task> waiting, CancellationToken cancellationToken)
    {
        var (days, orders, different) = await CompareDaysAsync(cancellationToken);
        if (different.Count == 0)
        {
            return new(days, orders, [], [], 0);
        }

        var first = await CompareOrdersAsync(different.Keys, cancellationToken);
        await waiting(different.Count);
        await Task.Delay(settings.FileAge + Writing, time, cancellationToken);
        var second = await CompareOrdersAsync(different.Keys, cancellationToken);
        var same = first.Intersect(second).ToList();
        string[] lasting = [.. same.Select(each => each.Text).Order(StringComparer.Ordinal)];
        var (_, _, still) = await CompareDaysAsync(cancellationToken);
        // Days of which no order differs lastingly were only behind.
        string[] lines = [.. still.Where(day => same.Exists(each => each.Day == day.Key)).Select(day => day.Value)];
        return new(days, orders, lines, lasting[..Math.Min(Named, lasting.Length)], Math.Max(0, lasting.Length - Named));
    }

    private async Task<(int Days, long Orders, Dictionary<DateOnly, string> Different)> CompareDaysAsync(CancellationToken cancellationToken)
    {
        var logged = await orders.QueryAsync(
            (newest, _) => $"""
            SELECT (placed_at AT TIME ZONE 'UTC')::DATE, currency, count(*), sum(amount)::DECIMAL(38,8)
              FROM {newest} WHERE change NOT IN ('deleted', 'vanished') GROUP BY ALL
            """,
            row => new DayTotal(DateOnly.FromDateTime(row.GetDateTime(0)), row.GetString(1), row.GetInt64(2), row.GetDecimal(3)),
            cancellationToken);
        var stored = await StoredDaysAsync(cancellationToken);
        var all = logged.ToDictionary(total => (total.Day, total.Currency));
        var different = new Dictionary<DateOnly, string>();
        foreach (var total in stored)
        {
            if (!all.Remove((total.Day, total.Currency), out var same) || same != total)
            {
                Note(total, same ?? total with { Orders = 0, Amount = 0 });
            }
        }

        foreach (var extra in all.Values)
        {
            Note(extra with { Orders = 0, Amount = 0 }, extra);
        }

        return (stored.Concat(logged).Select(total => total.Day).Distinct().Count(), stored.Sum(total => total.Orders), different);

        void Note(DayTotal postgres, DayTotal lake)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{postgres.Day:yyyy-MM-dd} {postgres.Currency}: Postgres has {postgres.Orders} orders of {postgres.Amount / 1.00000000m}, the log {lake.Orders} of {lake.Amount / 1.00000000m}");
            different[postgres.Day] = different.TryGetValue(postgres.Day, out var before) ? $"{before}; {line}" : line;
        }
    }

    private async Task<List<DayTotal>> StoredDaysAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT (placed_at AT TIME ZONE 'UTC')::date, currency, count(*), sum(amount) FROM public.orders GROUP BY 1, 2");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var days = new List<DayTotal>();
        while (await reader.ReadAsync(cancellationToken))
        {
            days.Add(new(reader.GetFieldValue<DateOnly>(0), reader.GetString(1), reader.GetInt64(2), reader.GetDecimal(3)));
        }

        return days;
    }

    private async Task<List<(DateOnly Day, string Text)>> CompareOrdersAsync(IEnumerable<DateOnly> days, CancellationToken cancellationToken)
    {
        DateOnly[] wanted = [.. days];
        var list = string.Join(", ", wanted.Select(day => string.Create(CultureInfo.InvariantCulture, $"DATE '{day:yyyy-MM-dd}'")));
        var logged = await orders.QueryAsync(
            (newest, _) => $"""
            SELECT order_id, version, status, currency, amount, (placed_at AT TIME ZONE 'UTC')::DATE
              FROM {newest} WHERE change NOT IN ('deleted', 'vanished') AND (placed_at AT TIME ZONE 'UTC')::DATE IN ({list})
            """,
            row => (Order: new OrderState(row.GetGuid(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetDecimal(4)), Day: DateOnly.FromDateTime(row.GetDateTime(5))),
            cancellationToken);
        var all = logged.ToDictionary(each => each.Order.OrderId);
        var differences = new List<(DateOnly, string)>();
        await using var command = database.CreateCommand("SELECT order_id, version, status, currency, amount, (placed_at AT TIME ZONE 'UTC')::date FROM public.orders WHERE (placed_at AT TIME ZONE 'UTC')::date = ANY ($1)");
        command.Parameters.Add(new() { Value = wanted, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var day = reader.GetFieldValue<DateOnly>(5);
            var order = new OrderState(reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3), reader.GetDecimal(4));
            if (!all.Remove(order.OrderId, out var same))
            {
                differences.Add((day, $"{order.OrderId}: in Postgres, version {order.Version}, and not in the log"));
            }
            else if (same.Order != order)
            {
                differences.Add((day, $"{order.OrderId}: Postgres has {Text(order)}, the log {Text(same.Order)}"));
            }
        }

        differences.AddRange(all.Values.Select(each => (each.Day, $"{each.Order.OrderId}: in the log, version {each.Order.Version}, and not in Postgres")));
        return differences;
    }

    private static string Text(OrderState order) => string.Create(CultureInfo.InvariantCulture, $"version {order.Version}, {order.Status}, {order.Amount / 1.00000000m} {order.Currency}");
}
