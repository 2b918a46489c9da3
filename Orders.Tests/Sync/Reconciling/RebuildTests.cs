using Orders.Domain;
using Orders.Domain.Item;
using Orders.Sync.Repair;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Reconciling;

public sealed class RebuildTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    private readonly List<Order> _orders =
        [.. Enumerable.Range(1, 50).Select(i => SampleOrders.Placed(i, merchant: $"m-{i % 3}", lines: 2, customer: $"c-{i % 5}", at: SampleOrders.Noon.AddMinutes(i * 7)))];

    private TableFixture.SyncParts _parts = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ResetAsync();
        _parts = fixture.Build(("Sync:Snapshot:PageItems", "10"));
        await fixture.PutAsync(_orders);
        await _parts.ApplyAsync(await fixture.LeaseAsync(), [.. _orders.Select(StreamRecords.Insert)]);
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task A_read_model_that_a_hand_has_spoilt_in_every_table_is_as_the_table_again()
    {
        var right = await ContentAsync();
        await fixture.ExecuteAsync(
            """
            UPDATE orders SET amount = amount + 1, status = 'paid' WHERE amount > 40;
            UPDATE orders SET version = 99, merchant_id = 'wrong' WHERE amount < 5;
            DELETE FROM orders WHERE amount BETWEEN 10 AND 15;
            DELETE FROM order_items WHERE order_item_id = 1 AND unit_price = 1 AND order_id IN (SELECT order_id FROM orders WHERE amount BETWEEN 20 AND 25);
            INSERT INTO orders VALUES (gen_random_uuid(), 'm-0', 'c-99', 'placed', 'INR', 5, '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', 1);
            UPDATE hourly_totals SET orders = orders + 3, amount = 0;
            INSERT INTO hourly_totals VALUES ('m-9', '2026-03-01T12:00:00Z', 'INR', 1, 1);
            UPDATE customers SET last_order_at = '2030-01-01T00:00:00Z' WHERE customer_id = 'c-1';
            INSERT INTO customers VALUES ('m-1', 'c-98', now(), now());
            UPDATE products SET unit_price = 77, as_of = '2030-01-01T00:00:00Z' WHERE product_id = 'product-1';
            DELETE FROM products WHERE product_id = 'product-2';
            """);

        var done = await _parts.RunAsync(SnapshotKind.Rebuild);

        done.Phase.ShouldBe("completed");
        (await ContentAsync()).ShouldBe(right);
    }

    [Fact]
    public async Task A_read_model_that_is_right_is_left_alone()
    {
        var before = await fixture.ScalarAsync<string>("SELECT string_agg(ctid || ' ' || xmin, ',' ORDER BY order_id) FROM orders");

        var done = await _parts.RunAsync(SnapshotKind.Rebuild);

        (done.Written, done.Replaced, done.Removed).ShouldBe((0, 0, 0));
        (await fixture.ScalarAsync<string>("SELECT string_agg(ctid || ' ' || xmin, ',' ORDER BY order_id) FROM orders")).ShouldBe(before);
    }

    [Fact]
    public async Task An_order_that_postgres_refuses_is_reported_and_the_others_are_replaced()
    {
        await using var refusal = await Refusal.OfAsync(sql => fixture.ExecuteAsync(sql), "refused");
        var refused = _orders[6] with { CustomerId = "refused" };
        await fixture.PutAsync(refused);
        await fixture.ExecuteAsync("UPDATE orders SET amount = amount + 1");
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        var done = await _parts.RunAsync(SnapshotKind.Rebuild, bound.Token);

        (done.Phase, done.Replaced, done.Broken).ShouldBe(("completed", 49, 1));
        (await fixture.ScalarAsync<decimal>("SELECT sum(amount) FROM orders")).ShouldBe(_orders.Sum(order => order.Amount) + 1);
        (await fixture.ScalarAsync<string>("SELECT item_key FROM sync.snapshot_faults")).ShouldBe(OrderItem.PartitionKey(refused.OrderId));
    }

    [Fact]
    public async Task Changes_of_the_stream_that_come_meanwhile_are_kept_and_readers_see_every_order_all_the_time()
    {
        var lease = await fixture.LeaseAsync();
        await fixture.ExecuteAsync("UPDATE orders SET status = 'lost'");
        using var stop = new CancellationTokenSource();
        var fewest = 50;
        var reading = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                fewest = Math.Min(fewest, await fixture.ScalarAsync<int>("SELECT count(DISTINCT o.order_id) FROM orders AS o JOIN order_items AS i USING (order_id) WHERE i.order_item_id = 2"));
            }
        });
        var snapshotId = await _parts.BeginAsync(SnapshotKind.Rebuild);
        var pages = new WatchedPages(_parts.Get<global::DynamoStreams.Snapshots.ITablePages>());
        pages.BeforeWriting = async page =>
        {
            // Every order is paid after its page was read and before it is written.
            foreach (var order in page.Items.Select(item => _orders.Single(order => item["order_id"].S == order.OrderId.ToString())))
            {
                await fixture.PutAsync(order.Next(OrderStatus.Paid));
                await _parts.ApplyAsync(lease, StreamRecords.Modify(order, order.Next(OrderStatus.Paid)));
            }
        };

        (await _parts.Runner(pages).TryRunAsync(snapshotId, scan: null, CancellationToken.None)).ShouldBeTrue();

        await stop.CancelAsync();
        await reading;
        fewest.ShouldBe(50);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE status = 'paid' AND version = 2")).ShouldBe(50);
        (await fixture.WrongTotalsAsync()).ShouldBe(0);
    }

    private async Task<string> ContentAsync() => await fixture.ScalarAsync<string>(
        """
        SELECT concat_ws(E'\n',
            (SELECT string_agg((to_jsonb(o) - 'place')::text, E'\n' ORDER BY order_id) FROM orders AS o),
            (SELECT string_agg(i::text, E'\n' ORDER BY order_id, order_item_id) FROM order_items AS i),
            (SELECT string_agg(t::text, E'\n' ORDER BY merchant_id, hour, currency) FROM hourly_totals AS t WHERE orders <> 0),
            (SELECT string_agg(c::text, E'\n' ORDER BY merchant_id, customer_id) FROM customers AS c),
            (SELECT string_agg(p::text, E'\n' ORDER BY merchant_id, product_id) FROM products AS p))
        """);
}
