using System.Text;
using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Orders.Domain;
using Orders.Sync.DeadLetters;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.DeadLetters;

public sealed class RedriveTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private DeadLetterBench _bench = null!;
    private ShardLease _lease = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = DeadLetterBench.Create(fixture);
        _lease = await fixture.LeaseAsync();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task After_the_cause_is_mended_every_version_is_applied_in_order_to_all_stores_and_the_stream_goes_on()
    {
        await _bench.RefuseAsync("mended");
        var placed = SampleOrders.Placed(customer: "mended", merchant: "m-mended");
        var (paid, shipped) = (placed.Next(OrderStatus.Paid), placed.Next(OrderStatus.Paid).Next(OrderStatus.Shipped));
        await _bench.ApplyAsync(_lease, StreamRecords.Insert(placed));
        await _bench.ApplyAsync(_lease, StreamRecords.Modify(placed, paid));
        await _bench.AcceptAsync("mended");

        (await _bench.RedriveAsync(new(OrderId: $"{placed.OrderId}"))).ShouldBe(new(Applied: 2, Failed: 0, Remaining: 0));

        await _bench.ApplyAsync(_lease, StreamRecords.Modify(paid, shipped));
        (await fixture.ScalarAsync<string>("SELECT status || version FROM orders WHERE order_id = @OrderId", placed)).ShouldBe("shipped3");
        (await fixture.ScalarAsync<string>("SELECT string_agg(change || version, ' ' ORDER BY version) FROM order_history WHERE order_id = @OrderId", placed))
            .ShouldBe("placed1 changed2 changed3");
        (await fixture.ScalarAsync<int>("SELECT orders FROM hourly_totals WHERE merchant_id = 'm-mended'")).ShouldBe(1);
        (await BlockedAsync()).ShouldBe(0);
        (await fixture.CachedAsync(placed.OrderId))["v"].ShouldBe("3");
    }

    [Fact]
    public async Task A_record_that_cannot_be_decoded_is_kept_as_it_came_with_what_is_behind_it_and_stays_until_it_can()
    {
        var (placed, other) = (SampleOrders.Placed(), SampleOrders.Placed());
        var paid = placed.Next(OrderStatus.Paid);
        var sound = StreamRecords.Insert(placed);
        var json = Encoding.UTF8.GetString(sound.Json.Span).Replace("\"INSERT\"", "\"CREATE\"", StringComparison.Ordinal);

        await _bench.ApplyAsync(_lease, StreamRecord.Parse(Encoding.UTF8.GetBytes(json)), StreamRecords.Modify(placed, paid), StreamRecords.Insert(other));

        var letters = await _bench.OfAsync(placed);
        letters.Select(letter => letter.Error is null).ShouldBe([false, true]);
        letters[0].Error!.ShouldContain("eventName");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", other)).ShouldBe(1);
        (await _bench.RedriveAsync(new(OrderId: $"{placed.OrderId}"))).ShouldBe(new(Applied: 0, Failed: 1, Remaining: 2));

        // A later version of this program may know it.
        await fixture.ExecuteAsync("UPDATE sync.dead_letters SET record = convert_to(replace(convert_from(record, 'UTF8'), 'CREATE', 'INSERT'), 'UTF8')");
        (await _bench.RedriveAsync(new(OrderId: $"{placed.OrderId}"))).ShouldBe(new(Applied: 2, Failed: 0, Remaining: 0));
        (await fixture.ScalarAsync<string>("SELECT status || version FROM orders WHERE order_id = @OrderId", placed)).ShouldBe("paid2");
    }

    [Fact]
    public async Task Redis_has_what_was_redriven_and_nothing_is_left_to_repair()
    {
        await _bench.RefuseAsync("cached");
        var placed = SampleOrders.Placed(customer: "cached");
        await _bench.ApplyAsync(_lease, StreamRecords.Insert(placed));
        await _bench.AcceptAsync("cached");
        await fixture.ExecuteAsync("DELETE FROM sync.cache_repairs");

        await _bench.RedriveAsync(new());

        (await fixture.CachedAsync(placed.OrderId))["v"].ShouldBe("1");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.cache_repairs")).ShouldBe(0);
    }

    [Fact]
    public async Task What_postgres_has_newer_does_not_come_to_redis_by_a_redrive()
    {
        await _bench.RefuseAsync("overtaken");
        var (overtaken, other) = (SampleOrders.Placed(customer: "overtaken", merchant: "m-overtaken"), SampleOrders.Placed(customer: "overtaken", merchant: "m-overtaken"));
        await _bench.ApplyAsync(_lease, StreamRecords.Insert(overtaken), StreamRecords.Insert(other));
        await _bench.AcceptAsync("overtaken");

        // As a snapshot writes it.
        await fixture.ExecuteAsync("INSERT INTO orders VALUES (@OrderId, 'm', 'c', 'paid', 'INR', 1, now(), now(), 9)", overtaken);
        (await _bench.RedriveAsync(new(Merchants: ["m-overtaken"]))).Applied.ShouldBe(2);

        (await fixture.CachedAsync(other.OrderId))["v"].ShouldBe("1");
        (await fixture.CachedAsync(overtaken.OrderId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_fails_again_stays_with_its_new_error_and_the_later_ones_behind_it_while_others_are_applied()
    {
        await _bench.RefuseAsync("stubborn");
        var (bad, good) = (SampleOrders.Placed(customer: "stubborn", merchant: "m-again"), SampleOrders.Placed(customer: "stubborn2", merchant: "m-again"));
        await _bench.RefuseAsync("stubborn2");
        await _bench.ApplyAsync(_lease, StreamRecords.Insert(bad), StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)), StreamRecords.Insert(good));
        await _bench.AcceptAsync("stubborn2");
        await fixture.ExecuteAsync("ALTER TABLE orders RENAME CONSTRAINT no_stubborn TO no_more");

        (await _bench.RedriveAsync(new(Merchants: ["m-again"]))).ShouldBe(new(Applied: 1, Failed: 1, Remaining: 2));

        var letters = await _bench.OfAsync(bad);
        letters.Select(letter => (letter.State, letter.Attempts)).ShouldBe([("failed", 2), ("waiting", 0)]);
        letters[0].Error!.ShouldContain("no_more");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", good)).ShouldBe(1);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", bad)).ShouldBe(0);
        await fixture.ExecuteAsync("ALTER TABLE orders DROP CONSTRAINT no_more");
    }

    [Fact]
    public async Task One_that_is_broken_whatever_postgres_says_fails_again_and_those_behind_it_wait_on()
    {
        var bad = SampleOrders.Placed();
        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(bad), StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));

        (await _bench.RedriveAsync(new(OrderId: $"{bad.OrderId}"))).ShouldBe(new(Applied: 0, Failed: 1, Remaining: 2));

        (await _bench.OfAsync(bad)).Select(letter => (letter.State, letter.Attempts, letter.Error)).ShouldBe([("failed", 2, "currency: is missing"), ("waiting", 0, null)]);
    }

    [Fact]
    public async Task Of_many_versions_those_before_the_one_that_fails_are_applied()
    {
        await _bench.RefuseAsync("first");
        await _bench.RefuseAsync("middle");
        var order = SampleOrders.Placed(customer: "first");
        var versions = Enumerable.Range(1, 100).Select(version => order with { Version = version, CustomerId = version is 1 ? "first" : version is 40 ? "middle" : "fine" }).ToArray();
        await _bench.ApplyAsync(_lease, StreamRecords.Insert(versions[0]));
        await _bench.ApplyAsync(_lease, [.. versions.Zip(versions.Skip(1)).Select(pair => StreamRecords.Modify(pair.First, pair.Second))]);
        await _bench.AcceptAsync("first");

        // Coalesced with version 100, version 40 would do no harm: the trigger looks at the history, which
        // has each.
        await fixture.ExecuteAsync("ALTER TABLE order_history ADD CONSTRAINT no_forty CHECK (version <> 40) NOT VALID");
        (await _bench.RedriveAsync(new(OrderId: $"{order.OrderId}"))).ShouldBe(new(Applied: 39, Failed: 1, Remaining: 61));
        (await fixture.ScalarAsync<long>("SELECT version FROM orders WHERE order_id = @OrderId", order)).ShouldBe(39);

        await fixture.ExecuteAsync("ALTER TABLE order_history DROP CONSTRAINT no_forty");
        await _bench.AcceptAsync("middle");
        (await _bench.RedriveAsync(new(OrderId: $"{order.OrderId}"))).ShouldBe(new(Applied: 61, Failed: 0, Remaining: 0));
        (await fixture.ScalarAsync<long>("SELECT version FROM orders WHERE order_id = @OrderId", order)).ShouldBe(100);
    }

    [Fact]
    public async Task Hundreds_of_orders_with_a_few_that_still_fail_are_all_tried()
    {
        await _bench.RefuseAsync("many");
        await _bench.RefuseAsync("few");
        var orders = Enumerable.Range(0, 250).Select(i => SampleOrders.Placed(i + 1, "m-many", customer: i % 60 == 7 ? "few" : "many")).ToArray();
        await _bench.ApplyAsync(_lease, [.. orders.Select(StreamRecords.Insert)]);
        await _bench.AcceptAsync("many");

        (await _bench.RedriveAsync(new(Merchants: ["m-many"]))).ShouldBe(new(Applied: 245, Failed: 5, Remaining: 5));

        await _bench.AcceptAsync("few");
        (await _bench.RedriveAsync(new(Merchants: ["m-many"]))).ShouldBe(new(Applied: 5, Failed: 0, Remaining: 0));
        (await fixture.ScalarAsync<decimal>("SELECT sum(amount) FROM hourly_totals WHERE merchant_id = 'm-many'")).ShouldBe(orders.Sum(order => order.Amount));
    }

    [Fact]
    public async Task A_record_that_comes_while_its_order_is_redriven_waits_for_that_and_is_then_applied_at_once()
    {
        var bad = SampleOrders.Placed();
        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(bad));

        // A redrive by hand, stopped just before its commit.
        await using var connection = await fixture.Database.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        var item = ItemKey.Of(StreamRecords.Insert(bad).Keys);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(DeadLetterCommands.LockBlocked([item]));
        batch.BatchCommands.Add(DeadLetterCommands.Remove([(await _bench.OfAsync(bad))[0].Id]));
        batch.BatchCommands.Add(DeadLetterCommands.Unblock([item]));
        await batch.ExecuteNonQueryAsync();

        var applying = _bench.ApplyAsync(_lease, StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));
        await Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%blocked_items%'") == 1);
        applying.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync();
        await applying;

        (await fixture.ScalarAsync<long>("SELECT version FROM orders WHERE order_id = @OrderId", bad)).ShouldBe(2);
        (await _bench.OfAsync(bad)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redrive_side_by_side_with_the_stream_loses_nothing_and_overtakes_nothing()
    {
        const int Versions = 300;
        await _bench.RefuseAsync("racing");
        var first = SampleOrders.Placed(customer: "racing", merchant: "m-racing");
        await _bench.ApplyAsync(_lease, StreamRecords.Insert(first));
        await _bench.AcceptAsync("racing");

        // What arrives at the history is stamped: an order overtaken would be seen there.
        await fixture.ExecuteAsync("ALTER TABLE order_history ADD COLUMN arrived bigint GENERATED ALWAYS AS IDENTITY");
        var streaming = Task.Run(async () =>
        {
            for (var last = first; last.Version < Versions;)
            {
                var next = last with { Version = last.Version + 1 };
                await _bench.ApplyAsync(_lease, StreamRecords.Modify(last, next));
                last = next;
            }
        });
        var redriving = Task.Run(async () =>
        {
            while (!streaming.IsCompleted)
            {
                await _bench.RedriveAsync(new());

                // Something else goes wrong with the order, again and again.
                await fixture.ExecuteAsync(
                    """
                    INSERT INTO sync.blocked_items (item_key) VALUES (@item) ON CONFLICT DO NOTHING
                    """,
                    new { item = ItemKey.Of(StreamRecords.Insert(first).Keys) });
            }
        });
        await Task.WhenAll(streaming, redriving);
        await _bench.RedriveAsync(new(OrderId: $"{first.OrderId}"));

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_history WHERE order_id = @OrderId", first)).ShouldBe(Versions);
        (await fixture.ScalarAsync<int>(
            "SELECT count(*) FROM (SELECT version < lag(version) OVER (ORDER BY arrived) AS late FROM order_history WHERE order_id = @OrderId) AS h WHERE late", first)).ShouldBe(0);
        (await fixture.ScalarAsync<long>("SELECT version FROM orders WHERE order_id = @OrderId", first)).ShouldBe(Versions);
        await fixture.ExecuteAsync("ALTER TABLE order_history DROP COLUMN arrived; DELETE FROM sync.blocked_items");
    }

    [Fact]
    public async Task A_discard_removes_exactly_what_is_named_and_a_redrive_then_applies_the_rest()
    {
        var bad = SampleOrders.Placed();
        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(bad), StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));
        var letters = await _bench.OfAsync(bad);

        (await _bench.Discard.RunAsync(new(Id: letters[0].Id), CancellationToken.None)).ShouldBe(new DiscardResult(Discarded: 1, Waiting: 1));

        (await _bench.OfAsync(bad)).Select(letter => letter.Id).ShouldBe([letters[1].Id]);
        await _bench.ApplyAsync(_lease, StreamRecords.Modify(bad, bad with { Version = 3 }));
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", bad)).ShouldBe(0, "what comes behind it waits too");
        (await _bench.RedriveAsync(new(OrderId: $"{bad.OrderId}"))).ShouldBe(new(Applied: 2, Failed: 0, Remaining: 0));
        (await fixture.ScalarAsync<long>("SELECT version FROM orders WHERE order_id = @OrderId", bad)).ShouldBe(3);
    }

    [Fact]
    public async Task An_order_whose_dead_letters_are_all_discarded_is_free_again()
    {
        var (bad, other) = (SampleOrders.Placed(), SampleOrders.Placed());
        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(bad), DeadLetterBench.Broken(other));

        (await _bench.Discard.RunAsync(new(OrderId: $"{bad.OrderId}"), CancellationToken.None)).ShouldBe(new DiscardResult(Discarded: 1, Waiting: 0));

        await _bench.ApplyAsync(_lease, StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));
        (await fixture.ScalarAsync<long>("SELECT version FROM orders WHERE order_id = @OrderId", bad)).ShouldBe(2);
        (await _bench.OfAsync(other)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_order_whose_key_another_writer_put_there_in_capitals_is_found_and_discarded_by_its_id_as_it_stands_there()
    {
        var order = SampleOrders.Placed();
        var capitals = $"{order.OrderId}".ToUpperInvariant();
        await _bench.ApplyAsync(_lease, StreamRecords.Raw(StreamEvent.Insert, $"ORDER#{capitals}", "{\"pk\":{\"S\":\"ORDER#" + capitals + "\"},\"entity\":{\"S\":\"order\"}}"));

        var letter = (await _bench.List.ReadAsync(new(OrderId: capitals), after: 0, DeadLetterList.LargestPage, CancellationToken.None)).DeadLetters.ShouldHaveSingleItem();
        letter.Error!.ShouldStartWith("pk: must be ORDER# and the order's id in lower case");
        (await _bench.Discard.RunAsync(new(OrderId: capitals), CancellationToken.None)).ShouldBe(new DiscardResult(Discarded: 1, Waiting: 0));
    }

    [Fact]
    public async Task A_discard_of_an_order_leaves_what_waits_behind_and_the_letters_of_an_item_whose_key_has_other_letters()
    {
        var order = SampleOrders.Placed();
        var capitals = $"{order.OrderId}".ToUpperInvariant();
        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(order), StreamRecords.Modify(order, order.Next(OrderStatus.Paid)));
        await _bench.ApplyAsync(_lease, StreamRecords.Raw(StreamEvent.Insert, $"ORDER#{capitals}", "{\"pk\":{\"S\":\"ORDER#" + capitals + "\"},\"entity\":{\"S\":\"order\"}}"));

        (await _bench.Discard.RunAsync(new(OrderId: capitals), CancellationToken.None)).ShouldBe(new DiscardResult(Discarded: 1, Waiting: 0));
        (await _bench.OfAsync(order)).Count.ShouldBe(2);
        (await _bench.Discard.RunAsync(new(OrderId: $"{order.OrderId}"), CancellationToken.None)).ShouldBe(new DiscardResult(Discarded: 1, Waiting: 1));
    }

    [Fact]
    public async Task The_table_is_asked_for_what_a_redrive_applies_and_for_what_a_discard_frees()
    {
        var (redriven, freed) = (SampleOrders.Placed(), SampleOrders.Placed());
        await _bench.RefuseAsync("late");
        await _bench.ApplyAsync(_lease, StreamRecords.Insert(redriven with { CustomerId = "late" }), DeadLetterBench.Broken(freed));
        await _bench.AcceptAsync("late");

        await _bench.RedriveAsync(new(OrderId: $"{redriven.OrderId}"));
        await _bench.Discard.RunAsync(new(OrderId: $"{freed.OrderId}"), CancellationToken.None);

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.doubtful_orders WHERE order_id = ANY (@Ids)", new { Ids = new[] { redriven.OrderId, freed.OrderId } })).ShouldBe(2);
    }

    private Task<int> BlockedAsync() => fixture.ScalarAsync<int>(
        "SELECT count(*) FROM sync.blocked_items AS b WHERE NOT EXISTS (SELECT FROM sync.dead_letters AS d WHERE d.item_key = b.item_key)");
}
