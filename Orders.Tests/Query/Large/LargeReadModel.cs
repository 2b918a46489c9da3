using System.Text.Json;
using Npgsql;
using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>
/// A read model of 200 000 orders of three months, filled once for every test that needs that many. Nearly
/// all are completed; the few that are placed or in JPY are the oldest, where a list that looks for them
/// among all others comes last.
/// </summary>
public sealed class LargeReadModel(TestEngines engines) : IAsyncLifetime
{
    public const int Orders = 200_000;

    internal static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal ReadStores Stores { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stores = await ReadStores.CreateAsync(engines);
        await Stores.ExecuteAsync(
            $$"""
            INSERT INTO orders
            SELECT gen_random_uuid(), 'merchant-' || n % 97, CASE WHEN n % 10 > 0 THEN 'customer-' || n % 4001 END,
                   CASE WHEN n < 200 THEN 'placed' WHEN n % 9 = 0 THEN 'cancelled' WHEN n % 3 = 0 THEN 'shipped' ELSE 'completed' END,
                   CASE WHEN n < 200 THEN 'JPY' WHEN n % 2 = 0 THEN 'EUR' ELSE 'INR' END,
                   n, timestamptz '2026-01-01' + (n / 20) * interval '13 minutes', now(), 1
              FROM generate_series(1, {{Orders}}) AS n;
            INSERT INTO order_items SELECT order_id, 1, 'product-' || (amount % 5003), 'A product', 1, amount FROM orders;
            INSERT INTO order_history (order_id, revision, version, merchant_id, change, changed_at, body) SELECT order_id, 1, 1, merchant_id, 'placed', placed_at, '{}' FROM orders;
            INSERT INTO customers SELECT merchant_id, customer_id, min(placed_at), max(placed_at) FROM orders WHERE customer_id IS NOT NULL GROUP BY 1, 2;
            INSERT INTO products SELECT 'merchant-' || m, 'product-' || p, 'A product', 1, 'INR', now() FROM generate_series(0, 96) AS m, generate_series(0, 200) AS p;
            ANALYZE orders, order_items, order_history, customers, products, hourly_totals;
            """);
    }

    public async ValueTask DisposeAsync() => await Stores.DisposeAsync();

    /// <summary>The plan that Postgres has for a statement.</summary>
    internal async Task<string> ExplainAsync(string explain, string sql, IEnumerable<NpgsqlParameter> parameters)
    {
        await using var command = Stores.Postgres.CreateCommand($"{explain} {sql}");
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        await using var rows = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await rows.ReadAsync())
        {
            plan.Add(rows.GetString(0));
        }

        return string.Join('\n', plan);
    }

    /// <summary>
    /// How many rows of a table a statement really reads, those included that it throws away.
    /// </summary>
    internal async Task<double> RowsReadAsync(string table, string sql, IEnumerable<NpgsqlParameter> parameters)
    {
        using var plan = JsonDocument.Parse(await ExplainAsync("EXPLAIN (ANALYZE, FORMAT JSON)", sql, parameters));
        return Nodes(plan.RootElement[0].GetProperty("Plan"))
            .Where(node => node.TryGetProperty("Relation Name", out var relation) && relation.GetString() == table)
            .Sum(node => (node.GetProperty("Actual Rows").GetDouble() + Removed(node)) * node.GetProperty("Actual Loops").GetDouble());
    }

    private static double Removed(JsonElement node) =>
        (node.TryGetProperty("Rows Removed by Filter", out var byFilter) ? byFilter.GetDouble() : 0)
        + (node.TryGetProperty("Rows Removed by Index Recheck", out var byRecheck) ? byRecheck.GetDouble() : 0);

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var inner) ? inner.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];
}
