using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Domain;
using Orders.Sync.Projection;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Consuming;

public sealed class OrderProjectionTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private ProjectionFixture.Parts _parts = null!;
    private ShardLease _lease = null!;

    public async ValueTask InitializeAsync()
    {
        _parts = fixture.Build();
        _lease = await fixture.LeaseAsync();
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task A_new_order_is_in_every_table_and_in_redis()
    {
        var order = SampleOrders.Placed(merchant: "m-new", lines: 3, customer: "c-1");

        await _parts.ApplyAsync(_lease, StreamRecords.Insert(order));

        (await fixture.ScalarAsync<decimal>("SELECT amount FROM orders WHERE order_id = @OrderId", order)).ShouldBe(200m);
        (await fixture.ScalarAsync<decimal>("SELECT sum(quantity * unit_price) FROM order_items WHERE order_id = @OrderId", order)).ShouldBe(14m);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_history WHERE order_id = @OrderId AND change = 'placed'", order)).ShouldBe(1);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM customers WHERE merchant_id = 'm-new' AND customer_id = 'c-1'")).ShouldBe(1);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM products WHERE merchant_id = 'm-new'")).ShouldBe(3);
        (await fixture.ScalarAsync<string>("SELECT orders || ' ' || amount FROM hourly_totals WHERE merchant_id = 'm-new'")).ShouldBe("1 200.00");
        var cached = await fixture.CachedAsync(order.OrderId);
        cached["v"].ShouldBe("1");
        cached["m"].ShouldBe("m-new");
        cached["b"].ShouldBe(System.Text.Encoding.UTF8.GetString(OrderJson.Render(order)));
    }

    [Fact]
    public async Task Several_versions_of_an_order_in_one_batch_leave_the_newest_and_all_of_the_history()
    {
        var placed = SampleOrders.Placed();
        var paid = placed.Next(OrderStatus.Paid);
        var shipped = paid.Next(OrderStatus.Shipped);

        await _parts.ApplyAsync(_lease, StreamRecords.Insert(placed), StreamRecords.Modify(placed, paid), StreamRecords.Modify(paid, shipped));

        (await fixture.ScalarAsync<string>("SELECT status || version FROM orders WHERE order_id = @OrderId", placed)).ShouldBe("shipped3");
        (await fixture.ScalarAsync<string>("SELECT string_agg(change, ',' ORDER BY version) FROM order_history WHERE order_id = @OrderId", placed))
            .ShouldBe("placed,changed,changed");
    }

    [Fact]
    public async Task A_product_has_the_price_of_its_newest_order_in_whatever_order_they_come()
    {
        const string Price = "SELECT unit_price FROM products WHERE merchant_id = 'm-price'";
        await _parts.ApplyAsync(_lease, StreamRecords.Insert(At(2, 20m)), StreamRecords.Insert(At(1, 10m)), StreamRecords.Insert(At(3, 30m)));
        (await fixture.ScalarAsync<decimal>(Price)).ShouldBe(30m);

        await _parts.ApplyAsync(_lease, StreamRecords.Insert(At(2, 25m)));

        (await fixture.ScalarAsync<decimal>(Price)).ShouldBe(30m);

        static Order At(int hour, decimal price)
        {
            var order = SampleOrders.Placed(merchant: "m-price", at: SampleOrders.Noon.AddHours(hour), lines: 1);
            return order with { Items = [order.Items[0] with { UnitPrice = price }] };
        }
    }

    [Fact]
    public async Task An_older_version_that_comes_late_changes_nothing()
    {
        var placed = SampleOrders.Placed(merchant: "m-late");
        var paid = placed.Next(OrderStatus.Paid);
        var first = StreamRecords.Insert(placed);
        await _parts.ApplyAsync(_lease, first, StreamRecords.Modify(placed, paid));

        await _parts.ApplyAsync(_lease, first);

        (await fixture.ScalarAsync<string>("SELECT status FROM orders WHERE order_id = @OrderId", placed)).ShouldBe("paid");
        (await fixture.ScalarAsync<int>("SELECT orders FROM hourly_totals WHERE merchant_id = 'm-late'")).ShouldBe(1);

        // It is read from Postgres next.
        (await fixture.CachedAsync(placed.OrderId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deleted_order_is_gone_everywhere_and_no_late_record_brings_it_back()
    {
        var placed = SampleOrders.Placed(merchant: "m-deleted", lines: 2);
        var paid = placed.Next(OrderStatus.Paid);
        var change = StreamRecords.Modify(placed, paid);
        await _parts.ApplyAsync(_lease, StreamRecords.Insert(placed), change);
        await _parts.ApplyAsync(_lease, StreamRecords.Remove(paid));
        var cached = await fixture.CachedAsync(placed.OrderId);
        cached["v"].ShouldBe("3");
        cached.ShouldNotContainKey("b");

        await _parts.ApplyAsync(_lease, change);

        (await fixture.CachedAsync(placed.OrderId)).ShouldBeEmpty();
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", placed)).ShouldBe(0);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_items WHERE order_id = @OrderId", placed)).ShouldBe(0);
        (await fixture.ScalarAsync<string>("SELECT orders || ' ' || amount FROM hourly_totals WHERE merchant_id = 'm-deleted'")).ShouldBe("0 0.00");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_history WHERE order_id = @OrderId AND change = 'deleted' AND version = 3", placed)).ShouldBe(1);
    }

    [Fact]
    public async Task A_deletion_that_a_snapshot_guessed_too_early_takes_no_version_out_of_the_history()
    {
        var placed = SampleOrders.Placed();
        var paid = placed.Next(OrderStatus.Paid);
        await _parts.ApplyAsync(_lease, StreamRecords.Insert(placed));

        // The snapshot finds the order gone while the stream has yet to tell that it was paid before.
        await fixture.ExecuteAsync(
            """
            DELETE FROM orders WHERE order_id = @OrderId;
            INSERT INTO sync.tombstones (order_id, merchant_id, version) VALUES (@OrderId, @MerchantId, 2);
            INSERT INTO order_history (order_id, revision, version, merchant_id, change, changed_at, body)
            SELECT order_id, 2, 2, merchant_id, 'deleted', now(), body FROM order_history WHERE order_id = @OrderId
            """,
            placed);
        var change = StreamRecords.Modify(placed, paid);
        await _parts.ApplyAsync(_lease, change, change, StreamRecords.Remove(paid));

        (await fixture.ScalarAsync<string>("SELECT string_agg(change, ',' ORDER BY version) FROM order_history WHERE order_id = @OrderId", placed))
            .ShouldBe("placed,changed,deleted");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", placed)).ShouldBe(0);
    }

    [Fact]
    public async Task A_cancelled_order_no_longer_counts_in_the_totals()
    {
        var placed = SampleOrders.Placed(amount: 10.10m, merchant: "m-cancelled");
        var kept = SampleOrders.Placed(amount: 0.01m, merchant: "m-cancelled");
        await _parts.ApplyAsync(_lease, StreamRecords.Insert(placed), StreamRecords.Insert(kept));

        await _parts.ApplyAsync(_lease, StreamRecords.Modify(placed, placed.Next(OrderStatus.Cancelled)));

        (await fixture.ScalarAsync<string>("SELECT orders || ' ' || amount FROM hourly_totals WHERE merchant_id = 'm-cancelled'")).ShouldBe("1 0.01");
    }

    [Fact]
    public async Task Totals_are_exact_after_duplicates_and_records_out_of_order_across_batches()
    {
        var random = new Random(20260301);
        var records = new List<StreamRecord>();
        for (var i = 0; i < 200; i++)
        {
            var order = SampleOrders.Placed(random.Next(1, 10_000_000) / 100m, "m-exact", at: SampleOrders.Noon.AddMinutes(random.Next(600)));
            records.Add(StreamRecords.Insert(order));
            for (var before = order; before.Status.Next().Count > 0 && random.Next(3) > 0; before = order)
            {
                order = before.Next(before.Status.Next()[random.Next(before.Status.Next().Count)]);
                records.Add(StreamRecords.Modify(before, order));
            }

            if (random.Next(5) == 0)
            {
                records.Add(StreamRecords.Remove(order));
            }
        }

        // Twice, each time in another order: an applied version must neither count again nor be undone by an
        // older one.
        foreach (var batch in records.OrderBy(_ => random.Next()).Concat(records.OrderBy(_ => random.Next())).Chunk(37))
        {
            await _parts.ApplyAsync(_lease, batch);
        }

        const string difference =
            """
            SELECT count(*)
              FROM (SELECT sync.utc_hour(placed_at) AS hour, currency, count(*) AS orders, sum(amount) AS amount
                      FROM orders WHERE merchant_id = 'm-exact' AND status <> 'cancelled' GROUP BY 1, 2) AS counted
              FULL JOIN (SELECT * FROM hourly_totals WHERE merchant_id = 'm-exact' AND (orders <> 0 OR amount <> 0)) AS totals USING (hour, currency)
             WHERE counted.orders IS DISTINCT FROM totals.orders OR counted.amount IS DISTINCT FROM totals.amount
            """;
        (await fixture.ScalarAsync<int>(difference)).ShouldBe(0);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE merchant_id = 'm-exact'")).ShouldBe(200 - records.Count(r => r.Event == StreamEvent.Remove));
    }

    [Fact]
    public async Task A_batch_and_its_checkpoint_are_committed_together()
    {
        var record = StreamRecords.Insert(SampleOrders.Placed());

        await _parts.ApplyAsync(_lease, record);

        (await fixture.ScalarAsync<string>("SELECT checkpoint FROM sync.shards WHERE shard_id = @ShardId", _lease)).ShouldBe(record.SequenceNumber);
    }

    [Fact]
    public async Task An_owner_that_lost_its_lease_commits_nothing()
    {
        var order = SampleOrders.Placed();
        await fixture.ExecuteAsync("UPDATE sync.shards SET leased_until = now() - interval '1 second' WHERE shard_id = @ShardId", _lease);
        var newOwner = await fixture.Leases.TryAcquireAsync(new ShardState(_lease.StreamArn, _lease.ShardId, null, false, true), "other", TimeSpan.FromMinutes(1), CancellationToken.None);
        newOwner.ShouldNotBeNull();

        await Should.ThrowAsync<LeaseLostException>(() => _parts.ApplyAsync(_lease, StreamRecords.Insert(order)));

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", order)).ShouldBe(0);
    }

    [Fact]
    public async Task A_record_that_postgres_refuses_fails_its_whole_batch_and_leaves_no_checkpoint()
    {
        var good = SampleOrders.Placed();
        await using var refusal = await Refusal.OfAsync(sql => fixture.ExecuteAsync(sql), "refused");

        await Should.ThrowAsync<PostgresException>(() => _parts.ApplyAsync(_lease, StreamRecords.Insert(good), StreamRecords.Insert(SampleOrders.Placed(customer: "refused"))));

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", good)).ShouldBe(0);
        (await fixture.ScalarAsync<string?>("SELECT checkpoint FROM sync.shards WHERE shard_id = @ShardId", _lease)).ShouldBeNull();
    }

    [Fact]
    public async Task Items_of_other_entities_are_passed_over()
    {
        await _parts.ApplyAsync(_lease, StreamRecords.Raw(StreamEvent.Insert, "IDEM#m#k", """{"pk":{"S":"IDEM#m#k"},"entity":{"S":"idempotency"}}"""));

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters WHERE shard_id = @ShardId", _lease)).ShouldBe(0);
        (await fixture.ScalarAsync<string?>("SELECT checkpoint FROM sync.shards WHERE shard_id = @ShardId", _lease)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_broken_order_is_kept_as_a_dead_letter_and_the_ones_behind_it_arrive()
    {
        var order = SampleOrders.Placed();
        var broken = StreamRecords.Raw(StreamEvent.Insert, "ORDER#x", """{"pk":{"S":"ORDER#x"},"entity":{"S":"order"},"amount":{"S":"12"}}""");

        await _parts.ApplyAsync(_lease, broken, StreamRecords.Insert(order));

        (await fixture.ScalarAsync<string>("SELECT error FROM sync.dead_letters WHERE shard_id = @ShardId", _lease)).ShouldBe("amount: must be of the type N, and is of S");
        (await fixture.ScalarAsync<byte[]>("SELECT record FROM sync.dead_letters WHERE shard_id = @ShardId", _lease)).ShouldBe(broken.Json.ToArray());
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", order)).ShouldBe(1);
    }

    [Fact]
    public void The_number_of_statements_does_not_grow_with_the_batch()
    {
        static int Statements(int orders) => ProjectionCommands.For(ChangeSet.From(
            [.. Enumerable.Range(0, orders).SelectMany(i =>
            {
                var order = SampleOrders.Placed(lines: 3, customer: $"c-{i}");
                var gone = SampleOrders.Placed();
                return new[] { StreamRecords.Insert(order), StreamRecords.Insert(gone), StreamRecords.Remove(gone) };
            })])).Count();

        Statements(1000).ShouldBe(Statements(1));
    }

    [Fact]
    public async Task Lines_that_a_new_version_no_longer_has_are_removed()
    {
        var before = SampleOrders.Placed(lines: 3);
        await _parts.ApplyAsync(_lease, StreamRecords.Insert(before));

        await _parts.ApplyAsync(_lease, StreamRecords.Modify(before, before with { Version = 2, Items = [.. before.Items.Take(1)] }));

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_items WHERE order_id = @OrderId", before)).ShouldBe(1);
    }

    [Fact]
    public async Task Lines_of_an_older_version_that_comes_late_do_not_come_back()
    {
        var before = SampleOrders.Placed(lines: 3);
        var after = before with { Version = 2, Items = [before.Items[0] with { Quantity = 9 }] };
        var first = StreamRecords.Insert(before);
        await _parts.ApplyAsync(_lease, first, StreamRecords.Modify(before, after));

        await _parts.ApplyAsync(_lease, first);

        (await fixture.ScalarAsync<string>("SELECT string_agg(order_item_id || 'x' || quantity, ' ') FROM order_items WHERE order_id = @OrderId", before)).ShouldBe("1x9");
    }

    [Fact]
    public async Task A_deletion_from_before_deletes_nothing()
    {
        var old = SampleOrders.Placed(lines: 1);
        var deletion = StreamRecords.Remove(old);
        await _parts.ApplyAsync(_lease, StreamRecords.Modify(old, old with { Version = 5 }));

        await _parts.ApplyAsync(_lease, deletion);

        (await fixture.ScalarAsync<long>("SELECT version FROM orders WHERE order_id = @OrderId", old)).ShouldBe(5);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_items WHERE order_id = @OrderId", old)).ShouldBe(1);
    }

    [Fact]
    public async Task A_tombstone_does_not_go_back_to_an_older_deletion()
    {
        var old = SampleOrders.Placed();
        var (deletion, change) = (StreamRecords.Remove(old), StreamRecords.Modify(old, old with { Version = 4 }));
        await _parts.ApplyAsync(_lease, StreamRecords.Remove(old with { Version = 5 }));

        await _parts.ApplyAsync(_lease, deletion);
        await _parts.ApplyAsync(_lease, change);

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", old)).ShouldBe(0);
    }

    [Fact]
    public async Task Rows_totals_history_repairs_and_checkpoint_are_of_one_transaction()
    {
        Assert.SkipWhen(fixture.Stores.Redis is null, "without Redis there is nothing to repair");
        var order = SampleOrders.Placed(merchant: "m-together", lines: 1, customer: "c");

        await _parts.ApplyAsync(_lease, StreamRecords.Insert(order));

        // Postgres writes on each row which transaction made it.
        (await fixture.ScalarAsync<string>(
            """
            SELECT count(*) || ' rows, ' || count(DISTINCT made_by) || ' transaction'
              FROM (SELECT xmin::text FROM orders WHERE order_id = @OrderId
                    UNION ALL SELECT xmin::text FROM order_items WHERE order_id = @OrderId
                    UNION ALL SELECT xmin::text FROM order_history WHERE order_id = @OrderId
                    UNION ALL SELECT xmin::text FROM hourly_totals WHERE merchant_id = @MerchantId
                    UNION ALL SELECT xmin::text FROM customers WHERE merchant_id = @MerchantId
                    UNION ALL SELECT xmin::text FROM products WHERE merchant_id = @MerchantId
                    UNION ALL SELECT xmin::text FROM sync.shards WHERE shard_id = @ShardId) AS made (made_by)
            """,
            new { order.OrderId, order.MerchantId, _lease.ShardId })).ShouldBe("7 rows, 1 transaction");
    }

    [Fact]
    public async Task What_postgres_does_not_commit_is_not_in_redis()
    {
        Assert.SkipWhen(fixture.Stores.Redis is null, "no Redis on this machine");
        await Eventually.HoldsAsync(() => Task.FromResult(_parts.App.Services.GetRequiredService<global::Orders.ServiceDefaults.Stores.IRedis>().IsConnected));
        var good = SampleOrders.Placed();

        await using var refusal = await Refusal.OfAsync(sql => fixture.ExecuteAsync(sql), "refused");
        await Should.ThrowAsync<PostgresException>(() => _parts.ApplyAsync(_lease, StreamRecords.Insert(good), StreamRecords.Insert(SampleOrders.Placed(customer: "refused"))));

        (await fixture.CachedAsync(good.OrderId)).ShouldNotContainKey("m");
    }

    [Fact]
    public async Task What_postgres_has_newer_does_not_come_to_a_redis_that_lost_it()
    {
        Assert.SkipWhen(fixture.Stores.Redis is null, "no Redis on this machine");
        var (changed, deleted, standing, other) = (SampleOrders.Placed(), SampleOrders.Placed(), SampleOrders.Placed(), SampleOrders.Placed());
        StreamRecord[] late = [StreamRecords.Insert(changed), StreamRecords.Insert(deleted), StreamRecords.Remove(standing)];
        // As a snapshot beside a stream that is behind does; then Redis restarts.
        await _parts.ApplyAsync(_lease, StreamRecords.Modify(changed, changed with { Version = 9 }), StreamRecords.Remove(deleted with { Version = 8 }), StreamRecords.Modify(standing, standing with { Version = 9 }));
        var redis = _parts.App.Services.GetRequiredService<global::Orders.ServiceDefaults.Stores.IRedis>();
        await Eventually.HoldsAsync(() => Task.FromResult(redis.IsConnected));
        foreach (var order in new[] { changed, deleted, standing })
        {
            await redis.Database!.KeyDeleteAsync(fixture.Keys.Order(order.OrderId));
        }

        await _parts.ApplyAsync(_lease, [.. late, StreamRecords.Insert(other)]);

        (await fixture.CachedAsync(other.OrderId))["v"].ShouldBe("1");
        (await fixture.CachedAsync(changed.OrderId)).ShouldBeEmpty();
        (await fixture.CachedAsync(deleted.OrderId)).ShouldBeEmpty();
        (await fixture.CachedAsync(standing.OrderId)).ShouldBeEmpty();
    }
}
