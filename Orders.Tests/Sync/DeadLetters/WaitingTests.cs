using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.DeadLetters;

public sealed class WaitingTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
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
    public async Task Behind_a_broken_record_later_ones_of_its_order_wait_in_the_same_batch_and_others_are_applied()
    {
        var (bad, good) = (SampleOrders.Placed(), SampleOrders.Placed());
        var paid = bad.Next(OrderStatus.Paid);

        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(bad), StreamRecords.Modify(bad, paid), StreamRecords.Insert(good), StreamRecords.Remove(paid));

        (await _bench.OfAsync(bad)).Select(letter => letter.State).ShouldBe(["failed", "waiting", "waiting"]);
        (await VersionAsync(bad)).ShouldBe(0);
        (await VersionAsync(good)).ShouldBe(1);
    }

    [Fact]
    public async Task Behind_a_record_that_postgres_refuses_later_batches_wait_in_order_and_others_are_applied()
    {
        await _bench.RefuseAsync("later");
        var (bad, good) = (SampleOrders.Placed(customer: "later"), SampleOrders.Placed());
        var paid = bad.Next(OrderStatus.Paid) with { CustomerId = "fine" };

        await _bench.ApplyAsync(_lease, StreamRecords.Insert(bad), StreamRecords.Insert(good));
        await _bench.ApplyAsync(_lease, StreamRecords.Modify(good, good.Next(OrderStatus.Paid)), StreamRecords.Modify(bad, paid));
        await _bench.ApplyAsync(_lease, StreamRecords.Modify(paid, paid.Next(OrderStatus.Shipped)));

        var letters = await _bench.OfAsync(bad);
        letters.Select(letter => letter.State).ShouldBe(["failed", "waiting", "waiting"]);
        letters.Select(letter => long.Parse(letter.SequenceNumber!)).ShouldBeInOrder();
        letters[0].Error!.ShouldContain("no_later");
        letters[0].MerchantId.ShouldBe(bad.MerchantId);
        (await VersionAsync(bad)).ShouldBe(0);
        (await VersionAsync(good)).ShouldBe(2);
        (await fixture.ScalarAsync<string>("SELECT checkpoint FROM sync.shards WHERE shard_id = @ShardId", _lease)).ShouldBe(letters[^1].SequenceNumber);
    }

    [Fact]
    public async Task They_wait_for_the_next_owner_of_the_shard_and_in_a_child_shard_too()
    {
        var bad = SampleOrders.Placed();
        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(bad));

        await using var other = DeadLetterBench.Create(fixture);
        await other.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));

        (await _bench.OfAsync(bad)).Select(letter => letter.State).ShouldBe(["failed", "waiting"]);
        (await VersionAsync(bad)).ShouldBe(0);
    }

    [Fact]
    public async Task A_record_that_comes_twice_waits_once()
    {
        var bad = SampleOrders.Placed();
        var (insert, modify) = (DeadLetterBench.Broken(bad), StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));

        await _bench.ApplyAsync(_lease, insert, modify);
        await _bench.ApplyAsync(_lease, insert, modify);

        (await _bench.OfAsync(bad)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_owner_that_lost_its_lease_sets_nothing_aside_either()
    {
        var bad = SampleOrders.Placed();
        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(bad));
        await fixture.ExecuteAsync("UPDATE sync.shards SET fencing_token = fencing_token + 1 WHERE shard_id = @ShardId", _lease);

        await Should.ThrowAsync<LeaseLostException>(() => _bench.ApplyAsync(_lease, StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid))));

        (await _bench.OfAsync(bad)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ten_thousand_dead_letters_of_a_merchant_cost_the_batches_of_another_nothing_more()
    {
        // The first batch also finds out what Redis it is.
        await _bench.ApplyAsync(_lease, StreamRecords.Insert(SampleOrders.Placed()));
        using var counter = new StatementCounter(new NpgsqlConnectionStringBuilder(fixture.Stores.Postgres).Database!);
        await using var session = await fixture.Database.OpenConnectionAsync();
        await CrowdAsync(0, 5);
        var before = await CostAsync();
        await CrowdAsync(5, 10_000);
        var crowded = await CostAsync();
        await fixture.ExecuteAsync("DELETE FROM sync.blocked_items; DELETE FROM sync.dead_letters");

        before.ShouldBe((1, 0));
        crowded.ShouldBe((1, 0), "one round trip, and not a row read but by the index");

        Task CrowdAsync(int from, int to) => fixture.ExecuteAsync(
            """
            INSERT INTO sync.blocked_items (item_key) SELECT 'pk=ORDER#crowd-' || i || '|sk=ORDER' FROM generate_series(@from, @to - 1) AS i;
            INSERT INTO sync.dead_letters (stream_arn, shard_id, sequence_number, event_id, item_key, tenant, record, error, attempts)
            SELECT 'arn', 'crowd', i, i, 'pk=ORDER#crowd-' || i || '|sk=ORDER', 'crowd', ''::bytea, 'refused', 1 FROM generate_series(@from, @to - 1) AS i;
            """,
            new { from, to });

        async Task<(int RoundTrips, long RowsScanned)> CostAsync()
        {
            var earlier = counter.Count("");
            await _bench.ApplyAsync(_lease, [.. Enumerable.Range(0, 100).Select(_ => StreamRecords.Insert(SampleOrders.Placed()))]);
            var roundTrips = counter.Count("") - earlier;

            // The check by itself, with as many items as a large batch has, in one session, whose plans are
            // kept: rows read by scanning, as Postgres counts them.
            await using var transaction = await session.BeginTransactionAsync();
            await using var batch = session.CreateBatch();
            batch.BatchCommands.Add(DeadLetterCommands.RefuseIfBlocked([.. Enumerable.Range(0, 1000).Select(i => $"pk=ORDER#other-{i}|sk=ORDER")]));
            batch.BatchCommands.Add(new("SELECT pg_stat_get_xact_tuples_returned('sync.blocked_items'::regclass)"));
            await using var reader = await batch.ExecuteReaderAsync();
            await reader.NextResultAsync();
            await reader.ReadAsync();
            return (roundTrips, reader.GetInt64(0));
        }
    }

    [Fact]
    public async Task Around_a_blocked_order_a_batch_takes_a_number_of_round_trips_that_does_not_grow()
    {
        // The first batch also finds out what Redis it is.
        await _bench.ApplyAsync(_lease, StreamRecords.Insert(SampleOrders.Placed()));
        using var counter = new StatementCounter(new NpgsqlConnectionStringBuilder(fixture.Stores.Postgres).Database!);
        var few = await RoundTripsAsync(blocked: 1, others: 1);
        var many = await RoundTripsAsync(blocked: 200, others: 300);
        many.ShouldBe(few);

        async Task<int> RoundTripsAsync(int blocked, int others)
        {
            var bad = Enumerable.Range(0, blocked).Select(_ => SampleOrders.Placed()).ToArray();
            await _bench.ApplyAsync(_lease, [.. bad.Select(DeadLetterBench.Broken)]);
            var earlier = counter.Count("");
            await _bench.ApplyAsync(
                _lease,
                [.. bad.Select(order => StreamRecords.Modify(order, order.Next(OrderStatus.Paid))), .. Enumerable.Range(0, others).Select(_ => StreamRecords.Insert(SampleOrders.Placed()))]);
            return counter.Count("") - earlier;
        }
    }

    [Fact]
    public void The_key_of_an_item_is_one_whatever_the_order_of_its_members_and_fits_an_index_whatever_it_holds()
    {
        static string Of(string json) => ItemKey.Of(System.Text.Encoding.UTF8.GetBytes(json));
        var order = SampleOrders.Placed();

        Of("""{"sk":{"S":"b"},"pk":{"S":"a"}}""").ShouldBe(Of("""{"pk":{"S":"a"},"sk":{"S":"b"}}"""));
        ItemKey.Of(StreamRecords.Insert(order).Keys).ShouldBe(ItemKey.Of(("pk", OrderItem.PartitionKey(order.OrderId)), ("sk", OrderItem.SortKey)));
        var (one, other) = (ItemKey.Of(("pk", new string('é', 1000) + "1")), ItemKey.Of(("pk", new string('é', 1000) + "2")));
        one.ShouldNotBe(other);
        System.Text.Encoding.UTF8.GetByteCount(one).ShouldBeLessThan(2000);
        Of("""{"pk":{"S":"a\u0000b"}}""").ShouldBe("pk=a\uFFFDb");
    }

    private Task<long> VersionAsync(Order order) => fixture.ScalarAsync<long>("SELECT coalesce(max(version), 0) FROM orders WHERE order_id = @OrderId", order);
}
