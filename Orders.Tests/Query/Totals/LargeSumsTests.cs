using System.Net;
using System.Text.Json;
using Npgsql;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>
/// Amounts that a decimal holds come to sums that it does not; and what a hand has put there is no number of
/// ours. Neither is anybody else's harm.
/// </summary>
public sealed class LargeSumsTests(QueryFixture fixture) : IClassFixture<QueryFixture>, IAsyncLifetime
{
    private const decimal Thirds = 33.33333333333333333333333333m;
    private const decimal Largest = 79228162514264337593543950335m;
    private const string Nine = "from=2026-01-31T09:00:00Z&to=2026-01-31T10:00:00Z";

    private readonly HttpClient _client = fixture.Service.Client;

    public async ValueTask InitializeAsync() => await fixture.Stores.ExecuteAsync("TRUNCATE orders, order_items, hourly_totals, customers, products");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("thirds beside thousands", "33.33333333333333333333333333 100000.00", "100033.33333333333333333333333333")]
    [InlineData("the largest there is, twice", "79228162514264337593543950335 79228162514264337593543950335", "158456325028528675187087900670.00")]
    [InlineData("the largest and the smallest", "79228162514264337593543950335 0.0000000000000000000000000001", "79228162514264337593543950335.0000000000000000000000000001")]
    public async Task A_sum_of_more_digits_than_a_decimal_has_is_told_whole(string which, string amounts, string sum)
    {
        which.ShouldNotBeEmpty();
        foreach (var amount in amounts.Split(' '))
        {
            await StoreAsync("merchant-large", decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture));
        }

        await StoreAsync("merchant-b", 2m, "customer-b");

        Amount((await _client.JsonAsync($"/v1/totals/hourly?merchant_id=merchant-large&{Nine}")).GetProperty("hours")[0]).ShouldBe(sum);
        Amount(await _client.JsonAsync("/v1/customers/customer-large")).ShouldBe(sum);
        Amount((await _client.JsonAsync("/v1/customers?ids=merchant-b/customer-b,merchant-large/customer-large")).GetProperty("customers")[1]).ShouldBe(sum);
        // Everybody's, and another merchant's.
        (await _client.JsonAsync($"/v1/totals/hourly?{Nine}")).GetProperty("hours")[0].GetProperty("orders").GetInt64().ShouldBe(3);
        Amount((await fixture.Service.Limited.JsonAsync($"/v1/totals/hourly?{Nine}")).GetProperty("hours")[0]).ShouldBe("2.00");
    }

    [Fact]
    public async Task Many_orders_that_fit_come_to_a_sum_that_does_not()
    {
        await fixture.Stores.ExecuteAsync(
            """
            INSERT INTO customers VALUES ('merchant-large', 'customer-large', now(), now());
            INSERT INTO orders
            SELECT gen_random_uuid(), 'merchant-large', 'customer-large', 'paid', 'INR', 7922816251426433759354395033.5, timestamptz '2026-01-31 09:30Z', now(), 1
              FROM generate_series(1, 1000)
            """);

        const string sum = "7922816251426433759354395033500.00";
        Amount((await _client.JsonAsync($"/v1/totals/hourly?{Nine}")).GetProperty("hours")[0]).ShouldBe(sum);
        Amount(await _client.JsonAsync("/v1/customers/customer-large")).ShouldBe(sum);
    }

    [Theory]
    [InlineData("orders SET amount = 1e40 WHERE order_id")]
    [InlineData("orders SET currency = 'DOGE' WHERE order_id")]
    [InlineData("orders SET status = 'lost' WHERE order_id")]
    [InlineData("order_items SET unit_price = 1e40 WHERE order_item_id = 2 AND order_id")]
    public async Task An_order_that_a_hand_has_spoilt_fails_alone(string update)
    {
        var orders = new List<Order>();
        for (var number = 0; number < 5; number++)
        {
            orders.Add(await StoreAsync("merchant-a", 10m + number, placedAt: ListFixture.Start.AddSeconds(-number)));
        }

        var spoilt = orders[2];
        await fixture.Stores.ExecuteAsync($"UPDATE {update} = '{spoilt.OrderId}'");
        var others = orders.Where(order => order != spoilt).Select(order => order.OrderId.ToString()).ToList();

        // Pages go on behind it, wherever it stands.
        foreach (var limit in new[] { 1, 2, 3, 5 })
        {
            (await VisitAsync(limit)).ShouldBe(others);
        }

        var byIds = await _client.JsonAsync($"/v1/orders?ids={string.Join(',', orders.Select(order => order.OrderId))}");
        byIds.GetProperty("orders").Texts("order_id").ShouldBe(others);
        byIds.GetProperty("problems")[0].GetProperty("id").GetString().ShouldBe($"{spoilt.OrderId}");
        byIds.GetProperty("problems")[0].GetProperty("problem").GetString()!.ShouldContain("reconcile --repair");
        var byCustomer = await _client.JsonAsync("/v1/orders/by-customer?ids=merchant-a/customer-large&limit_each=4");
        byCustomer.GetProperty("customers")[0].GetProperty("orders").Texts("order_id").ShouldBe(others.Take(3));
        using var alone = await _client.GetAsync($"/v1/orders/{spoilt.OrderId}");
        alone.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await alone.Content.ReadAsStringAsync()).ShouldContain("reconcile --repair");
        (await _client.JsonAsync("/v1/customers/customer-large")).GetProperty("orders").GetInt64().ShouldBe(5);
        (await _client.JsonAsync($"/v1/totals/hourly?{Nine}")).GetProperty("hours")[0].GetProperty("orders").GetInt64().ShouldBe(5);
    }

    [Fact]
    public async Task Of_another_merchants_spoilt_order_nothing_is_said()
    {
        var order = await StoreAsync("merchant-large", 10m);
        await fixture.Stores.ExecuteAsync($"UPDATE orders SET status = 'lost' WHERE order_id = '{order.OrderId}'");

        (await _client.GetAsync($"/v1/orders/{order.OrderId}")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await fixture.Service.Limited.GetAsync($"/v1/orders/{order.OrderId}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("orders SET amount = 'NaN'")]
    [InlineData("orders SET amount = 'Infinity'")]
    [InlineData("orders SET placed_at = '12026-01-31Z'")]
    [InlineData("orders SET updated_at = 'infinity'")]
    [InlineData("orders SET placed_at = '0044-03-15Z BC'")]
    [InlineData("order_items SET unit_price = '-Infinity'")]
    [InlineData("customers SET first_order_at = '0044-03-15Z BC'")]
    [InlineData("customers SET last_order_at = 'infinity'")]
    [InlineData("products SET as_of = '12026-01-31Z'")]
    [InlineData("products SET unit_price = 'NaN'")]
    [InlineData("order_history SET changed_at = 'infinity'")]
    [InlineData("hourly_totals SET amount = 'NaN'")]
    [InlineData("hourly_totals SET hour = '12026-01-31Z'")]
    public async Task What_no_reader_can_read_is_refused_by_the_tables(string update)
    {
        await StoreAsync("merchant-a", 10m);
        await fixture.Stores.ExecuteAsync(
            "INSERT INTO order_history (order_id, version, merchant_id, change, changed_at, body, revision) SELECT order_id, 1, merchant_id, 'placed', placed_at, '{}', 1 FROM orders");

        var refused = await Should.ThrowAsync<PostgresException>(() => fixture.Stores.ExecuteAsync($"UPDATE {update}"));

        refused.SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
    }

    [Fact]
    public async Task A_price_that_no_decimal_holds_is_the_trouble_of_no_other_product()
    {
        await StoreAsync("merchant-a", 10m);
        await fixture.Stores.ExecuteAsync("UPDATE products SET unit_price = 12345678901234567890123456789012345.5 WHERE product_id = 'product-1'");

        var products = (await _client.JsonAsync("/v1/products?ids=merchant-a/product-1,merchant-a/product-2")).GetProperty("products");

        products.EnumerateArray().Select(product => product.GetProperty("unit_price").GetRawText()).ShouldBe(["12345678901234567890123456789012345.50", "12.50"]);
    }

    [Fact]
    public async Task An_order_of_more_lines_than_may_be_placed_today_is_whole_everywhere()
    {
        var order = await StoreAsync("merchant-a", 10m, lines: 300);

        foreach (var path in new[] { $"/v1/orders?ids={order.OrderId}", "/v1/orders?merchant_id=merchant-a" })
        {
            (await _client.JsonAsync(path)).GetProperty("orders")[0].GetProperty("items").GetArrayLength().ShouldBe(300);
        }

        (await _client.JsonAsync("/v1/orders/by-customer?ids=merchant-a/customer-large")).GetProperty("customers")[0].GetProperty("orders")[0].GetProperty("items").GetArrayLength().ShouldBe(300);
        (await _client.JsonAsync($"/v1/orders/{order.OrderId}")).GetProperty("items").GetArrayLength().ShouldBe(300);
    }

    [Fact]
    public async Task An_order_of_the_longest_amounts_is_read_to_the_digit()
    {
        foreach (var amount in new[] { Thirds, Largest, 0.0000000000000000000000000001m })
        {
            var order = await StoreAsync("merchant-a", amount);
            foreach (var read in new[] { await _client.JsonAsync($"/v1/orders/{order.OrderId}"), (await _client.JsonAsync($"/v1/orders?ids={order.OrderId}")).GetProperty("orders")[0] })
            {
                read.GetProperty("amount").GetRawText().ShouldBe(amount.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    private async Task<Order> StoreAsync(string merchant, decimal amount, string customer = "customer-large", DateTimeOffset? placedAt = null, int lines = 2)
    {
        var order = Sample.Order(merchant, customerId: customer, placedAt: placedAt ?? ListFixture.Start, lines: lines) with { Amount = amount };
        await fixture.Stores.StoreAsync(order);
        return order;
    }

    private async Task<List<string>> VisitAsync(int limit)
    {
        List<string> visited = [];
        string? cursor = null;
        do
        {
            var page = await _client.JsonAsync($"/v1/orders?merchant_id=merchant-a&limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            visited.AddRange(page.GetProperty("orders").Texts("order_id"));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return visited;
    }

    private static string Amount(JsonElement entry) => entry.GetProperty("amounts").EnumerateArray().Single().GetProperty("amount").GetRawText();
}
