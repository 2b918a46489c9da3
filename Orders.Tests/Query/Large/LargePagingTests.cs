using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

[Collection(LargeReadModelCollection.Name)]
public sealed class LargePagingTests(LargeReadModel model)
{
    [Fact]
    public async Task Paging_through_200_000_orders_while_new_ones_arrive_visits_each_exactly_once()
    {
        await using var service = await QueryService.StartAsync(model.Stores.Settings);
        using var done = new CancellationTokenSource();
        var arriving = ArriveAsync(done.Token);

        var visited = new HashSet<Guid>();
        var (twice, cursor) = (0, (string?)null);
        do
        {
            using var answer = await service.Client.GetAsync($"/v1/orders?limit=200{cursor}");
            using var page = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            foreach (var order in page.RootElement.GetProperty("orders").EnumerateArray())
            {
                twice += visited.Add(order.GetProperty("order_id").GetGuid()) ? 0 : 1;
            }

            cursor = page.RootElement.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        await done.CancelAsync();
        var arrived = await arriving;
        twice.ShouldBe(0);
        arrived.ShouldBeGreaterThan(0);
        (await MissedAsync(visited)).ShouldBe(0);
    }

    // Newer than all others, several at one moment; and older ones go on to their next status meanwhile.
    private async Task<int> ArriveAsync(CancellationToken done)
    {
        var arrived = 0;
        while (!done.IsCancellationRequested)
        {
            await model.Stores.ExecuteAsync(
                """
                INSERT INTO orders
                SELECT gen_random_uuid(), 'merchant-' || n, NULL, 'completed', 'INR', 1.00, timestamptz '2027-01-01' + clock_timestamp()::time, now(), 1
                  FROM generate_series(1, 20) AS n;
                UPDATE orders SET status = 'completed', version = version + 1 WHERE order_id IN (SELECT order_id FROM orders WHERE status = 'shipped' LIMIT 20);
                """);
            arrived += 20;
            await Task.Delay(20, CancellationToken.None);
        }

        return arrived;
    }

    private async Task<long> MissedAsync(IEnumerable<Guid> visited)
    {
        await using var command = model.Stores.Postgres.CreateCommand(
            "SELECT count(*) FROM orders WHERE placed_at < '2027-01-01' AND NOT EXISTS (SELECT FROM unnest($1) AS v (order_id) WHERE v.order_id = orders.order_id)");
        command.Parameters.Add(new() { Value = visited.ToArray() });
        command.CommandTimeout = 120;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
