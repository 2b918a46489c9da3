using DynamoStreams.Api;
using DynamoStreams.Leases;
using Npgsql;
using Orders.Domain;
using Orders.Sync.Projection;
using Orders.Tests.Query;
using Orders.Tests.Sync.DeadLetters;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Consuming;

/// <summary>How a batch is committed is chosen before anything of it is sent.</summary>
public sealed class BatchCommitterTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private const string Asking = "SELECT EXISTS (SELECT FROM sync.blocked_items";
    private const string Refusing = "sync.refuse_if_blocked";
    private const string Locking = "ORDER BY b.item_key";
    private const string Loading = "set_config";

    private DeadLetterBench _bench = null!;
    private ShardLease _lease = null!;
    private StatementCounter _statements = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ExecuteAsync("TRUNCATE sync.dead_letters, sync.blocked_items, orders CASCADE");
        _bench = DeadLetterBench.Create(fixture);
        _lease = await fixture.LeaseAsync();
        _statements = new(new NpgsqlConnectionStringBuilder(fixture.Stores.Postgres).Database!);
    }

    public ValueTask DisposeAsync()
    {
        _statements.Dispose();
        return _bench.DisposeAsync();
    }

    [Fact]
    public async Task Where_nothing_is_set_aside_nothing_is_asked()
    {
        for (var i = 0; i < 5; i++)
        {
            await _bench.ApplyAsync(_lease, StreamRecords.Insert(SampleOrders.Placed()));
        }

        _statements.Count(Asking).ShouldBe(0);
        _statements.Count(Refusing).ShouldBe(5);
    }

    [Fact]
    public async Task A_batch_with_a_blocked_order_is_sent_once()
    {
        var (bad, good) = (SampleOrders.Placed(), SampleOrders.Placed());
        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(bad));
        var before = _statements.Count(Refusing);

        await _bench.ApplyAsync(_lease, StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)), StreamRecords.Insert(good));

        _statements.Count(Refusing).ShouldBe(before, "no transaction was begun to be refused");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", good)).ShouldBe(1);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters")).ShouldBe(2);
    }

    [Fact]
    public async Task What_another_has_set_aside_since_is_refused_once_and_then_known()
    {
        var bad = SampleOrders.Placed();
        await _bench.ApplyAsync(_lease, StreamRecords.Insert(SampleOrders.Placed()));
        await using var other = DeadLetterBench.Create(fixture);
        await other.ApplyAsync(await fixture.LeaseAsync(), DeadLetterBench.Broken(bad));
        var before = _statements.Count(Refusing);

        await _bench.ApplyAsync(_lease, StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));
        await _bench.ApplyAsync(_lease, StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));

        (_statements.Count(Refusing) - before).ShouldBe(1);
        _statements.Count(Asking).ShouldBe(2);
        _statements.Count(Locking).ShouldBe(2);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters")).ShouldBe(3);
    }

    [Fact]
    public async Task Where_large_batches_come_again_ever_fewer_are_tried_as_new_ones()
    {
        var orders = Enumerable.Range(1, BulkPlan.FewestRecords).Select(i => SampleOrders.Placed(i)).ToArray();
        StreamRecord[] records = [.. orders.Select(StreamRecords.Insert)];
        await _bench.ApplyAsync(_lease, records);
        for (var again = 0; again < 10; again++)
        {
            await _bench.ApplyAsync(_lease, records);
        }

        _statements.Count(Loading).ShouldBe(1 + 3, "the first, and of those that came again the first, third and sixth");

        // Four more are not tried; then a new one is loaded, and so is each behind it.
        for (var i = 0; i < 6; i++)
        {
            await _bench.ApplyAsync(_lease, [.. orders.Select(_ => StreamRecords.Insert(SampleOrders.Placed()))]);
        }

        _statements.Count(Loading).ShouldBe(1 + 3 + 6);
    }
}
