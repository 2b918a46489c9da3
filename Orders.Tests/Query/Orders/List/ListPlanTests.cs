using System.Text.Json;
using Orders.Domain;
using Orders.Query;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ListPlanTests(TestEngines engines)
{
    [Fact]
    public async Task No_combination_of_filters_reads_a_whole_table()
    {
        await using var stores = await FilledAsync();

        List<string> faults = [];
        foreach (var (filter, after, rows) in Variants())
        {
            var plan = await ExplainAsync(stores, "EXPLAIN", ListSql.Of(filter, after, rows));
            if (plan.Contains("Seq Scan", StringComparison.Ordinal))
                faults.Add($"{filter} after {after} limit {rows}:\n{plan}");
        }

        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("merchant-7")]
    [InlineData("merchant-7 merchant-8 merchant-9 nobody")]
    public async Task A_page_reads_no_more_than_a_page_of_each_merchant_however_many_orders_they_have(string merchants)
    {
        await using var stores = await FilledAsync();
        var filter = new OrderFilter { Merchants = merchants.Split(' ') };

        var plan = await ExplainAsync(stores, "EXPLAIN (ANALYZE, FORMAT JSON)", ListSql.Of(filter, after: null, rows: 51));

        var read = Nodes(JsonDocument.Parse(plan).RootElement[0].GetProperty("Plan"))
            .Where(node => node.TryGetProperty("Relation Name", out var table) && table.GetString() == "orders")
            .Sum(node => (node.GetProperty("Actual Rows").GetDouble() + (node.TryGetProperty("Rows Removed by Filter", out var removed) ? removed.GetDouble() : 0))
                * node.GetProperty("Actual Loops").GetDouble());
        read.ShouldBeGreaterThanOrEqualTo(51);
        read.ShouldBeLessThanOrEqualTo(51 * filter.Merchants.Count);
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var inner) ? inner.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];

    private async Task<ReadStores> FilledAsync()
    {
        var stores = await ReadStores.CreateAsync(engines);
        await stores.ExecuteAsync(
            """
            INSERT INTO orders
            SELECT gen_random_uuid(), 'merchant-' || n % 97, CASE WHEN n % 10 > 0 THEN 'customer-' || n % 4001 END,
                   (ARRAY['completed', 'completed', 'completed', 'shipped', 'paid', 'placed', 'cancelled'])[1 + n % 7],
                   (ARRAY['INR', 'INR', 'EUR', 'USD', 'JPY'])[1 + n % 5], n, timestamptz '2026-01-01' + n * interval '40 seconds', now(), 1
              FROM generate_series(1, 50000) AS n;
            INSERT INTO order_items
            SELECT order_id, line, 'product-' || line, 'A product', 1, 10 FROM orders, generate_series(1, 2) AS line;
            ANALYZE orders;
            ANALYZE order_items;
            """);
        return stores;
    }

    private static IEnumerable<(OrderFilter Filter, Keyset? After, int Rows)> Variants()
    {
        var middle = new DateTimeOffset(2026, 1, 12, 0, 0, 0, TimeSpan.Zero);
        Currency.TryFind("JPY", out var currency).ShouldBeTrue();
        return
            from merchants in new string[]?[] { null, ["merchant-7"], ["merchant-7", "merchant-8", "nobody"] }
            from customer in new[] { null, "customer-77" }
            from status in new OrderStatus?[] { null, OrderStatus.Cancelled }
            from its in new[] { null, currency }
            from bounds in new (DateTimeOffset? From, DateTimeOffset? To)[] { (null, null), (middle, null), (null, middle), (middle, middle.AddHours(6)) }
            from after in new Keyset?[] { null, new(middle.AddHours(3), Guid.Empty) }
            from rows in new[] { ListRequest.DefaultLimit + 1, ListRequest.MaxLimit + 1 }
            select (new OrderFilter { Merchants = merchants, CustomerId = customer, Status = status, Currency = its, From = bounds.From, To = bounds.To }, after, rows);
    }

    private static async Task<string> ExplainAsync(ReadStores stores, string explain, ListSql sql)
    {
        await using var command = stores.Postgres.CreateCommand($"{explain} {sql.Text}");
        foreach (var parameter in sql.Parameters)
            command.Parameters.Add(parameter);
        await using var rows = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await rows.ReadAsync())
            plan.Add(rows.GetString(0));
        return string.Join('\n', plan);
    }
}
