using System.Text.Json;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class PagingTests(TestEngines engines)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Paging_visits_each_order_exactly_once_while_others_come_and_go(bool everyMerchant)
    {
        const int orders = 5_000;
        await using var stores = await ReadStores.CreateAsync(engines);
        await using var service = await QueryService.StartAsync(stores.Settings);
        var client = everyMerchant ? service.Client : service.Limited;
        // Twenty at each moment, so that pages end in the middle of one.
        await PlaceAsync("2026-01-01", orders, atOnce: 20);
        var before = await OrderIdsAsync(stores);

        var (visited, cursor) = (new List<Guid>(), (string?)null);
        var deleted = new HashSet<Guid>();
        do
        {
            using var page = JsonDocument.Parse(await client.GetStringAsync($"/v1/orders?limit=173{cursor}"));
            visited.AddRange(page.RootElement.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("order_id").GetGuid()));
            cursor = page.RootElement.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;

            await PlaceAsync("2026-02-01", 50, atOnce: 5);
            // Also the very order that the cursor names.
            deleted.Add(visited[^1]);
            await stores.ExecuteAsync($"DELETE FROM orders WHERE order_id = '{visited[^1]}'");
        }
        while (cursor is not null);

        visited.Count.ShouldBe(visited.Distinct().Count());
        visited.ToHashSet().SetEquals(before).ShouldBeTrue();
        deleted.Count.ShouldBeGreaterThan(20);

        Task PlaceAsync(string from, int count, int atOnce) => stores.ExecuteAsync(
            $"""
            INSERT INTO orders
            SELECT gen_random_uuid(), 'merchant-' || substr('ab', 1 + n % 2, 1), 'customer-1', 'placed', 'INR', 1.00,
                   timestamptz '{from}' + (n / {atOnce}) * interval '1 millisecond', now(), 1
              FROM generate_series(1, {count}) AS n
            """);
    }

    private static async Task<HashSet<Guid>> OrderIdsAsync(ReadStores stores)
    {
        await using var command = stores.Postgres.CreateCommand("SELECT order_id FROM orders");
        await using var rows = await command.ExecuteReaderAsync();
        var orderIds = new HashSet<Guid>();
        while (await rows.ReadAsync())
        {
            orderIds.Add(rows.GetGuid(0));
        }

        return orderIds;
    }
}
