using Microsoft.Extensions.DependencyInjection;
using Orders.Query.Changes;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;
using static Orders.Tests.Query.ChangeFixture;
using Order = Orders.Domain.Order;

namespace Orders.Tests.Query;

public sealed class ResumedChangesTests(ChangeFixture fixture, TestEngines engines) : IClassFixture<ChangeFixture>, IAsyncLifetime
{
    // What the test before stored is no news to the clients of this one.
    public async ValueTask InitializeAsync() => await fixture.CaughtUpAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_was_changed_while_the_service_was_down_comes_first_then_what_is_new_and_nothing_twice()
    {
        var orders = Orders(6);
        string seen;
        await using (var before = await QueryService.StartAsync(fixture.Stores.Settings))
        {
            await using var follower = await ChangeFollower.ConnectAsync(before.Client);
            await fixture.ProjectAsync(Placed(orders[0]), Placed(orders[1]));
            (await follower.NextAsync()).OrderId.ShouldBe(orders[0].OrderId);
            // The second of the batch is not taken: it is missed as well.
            seen = follower.LastEventId;
        }

        await fixture.ProjectAsync(Placed(orders[2]));
        await fixture.ProjectAsync(Placed(orders[3]));
        await using var after = await QueryService.StartAsync(fixture.Stores.Settings);
        await using var resumed = await ChangeFollower.ConnectAsync(after.Client, lastEventId: seen);
        await using var byParameter = await ChangeFollower.ConnectAsync(after.Client, $"?last_event_id={seen}");
        var missed = await resumed.NextAsync(3);
        await fixture.ProjectAsync(Placed(orders[4]));
        var live = await resumed.NextAsync();
        await fixture.ProjectAsync(Placed(orders[5]));

        missed.ShouldBe(Names(orders[1..4]));
        live.OrderId.ShouldBe(orders[4].OrderId);
        (await resumed.NextAsync()).OrderId.ShouldBe(orders[5].OrderId);
        (await byParameter.NextAsync(5)).ShouldBe(Names(orders[1..]));
        await EndsAsync(after, resumed, byParameter);
    }

    [Fact]
    public async Task A_client_that_was_cut_off_before_any_change_has_missed_nothing()
    {
        string seen;
        await using (var follower = await ChangeFollower.ConnectAsync(fixture.Service.Client))
        {
            seen = follower.LastEventId;
        }

        var order = Sample.Order();
        await fixture.ProjectAsync(Placed(order));

        await using var resumed = await ChangeFollower.ConnectAsync(fixture.Service.Client, lastEventId: seen);

        (await resumed.NextAsync()).OrderId.ShouldBe(order.OrderId);
    }

    [Fact]
    public async Task A_resumed_stream_is_filtered_like_any_other()
    {
        string seen;
        await using (var follower = await ChangeFollower.ConnectAsync(fixture.Service.Limited))
        {
            seen = follower.LastEventId;
        }

        var (hidden, other, of) = (Sample.Order("merchant-c"), Sample.Order("merchant-a", customerId: "somebody"), Sample.Order("merchant-b", customerId: "buyer-7"));
        await fixture.ProjectAsync(Placed(hidden), Placed(other), Placed(of));

        // A service that has just begun has nothing in memory: all of these come from Postgres.
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings);
        await using var all = await ChangeFollower.ConnectAsync(service.Client, lastEventId: seen);
        await using var limited = await ChangeFollower.ConnectAsync(service.Limited, lastEventId: seen);
        await using var merchant = await ChangeFollower.ConnectAsync(service.Client, "?merchant_id=merchant-b", seen);
        await using var customer = await ChangeFollower.ConnectAsync(service.Client, "?customer_id=buyer-7", seen);
        await using var order = await ChangeFollower.ConnectAsync(service.Client, $"?order_id={of.OrderId}", seen);
        await using var foreign = await ChangeFollower.ConnectAsync(service.Limited, $"?order_id={hidden.OrderId}", seen);
        await using var nobody = await ChangeFollower.ConnectAsync(service.Limited, "?merchant_id=merchant-c", seen);

        (await all.NextAsync(3)).ShouldBe(Names(Sorted(hidden, other, of)));
        (await limited.NextAsync(2)).ShouldBe(Names(Sorted(other, of)));
        foreach (var narrow in new[] { merchant, customer, order })
        {
            (await narrow.NextAsync()).OrderId.ShouldBe(of.OrderId);
        }

        await EndsAsync(service, all, limited, merchant, customer, order, foreign, nobody);
    }

    [Fact]
    public async Task Transactions_that_commit_out_of_the_order_of_their_numbers_both_come_once_to_a_client_that_reconnects_between_them()
    {
        // Of two merchants: the transactions share no row that one would lock for the other.
        var (late, early, after) = (Sample.Order("merchant-a"), Sample.Order("merchant-b"), Sample.Order("merchant-c"));
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings);
        await using var watching = await ChangeFollower.ConnectAsync(service.Client);
        await using var first = await ChangeFollower.ConnectAsync(service.Client);
        await using var connection = await fixture.Stores.Postgres.OpenConnectionAsync();
        await using var open = await connection.BeginTransactionAsync();
        // The older number, and the later commit.
        await StoreAsync(connection, Placed(late));
        using (var looks = new StatementCounter(connection.Database))
        {
            await fixture.ProjectAsync(Placed(early));

            // Looked for while only the younger one can be seen.
            await Eventually.HoldsAsync(() => Task.FromResult(looks.Count("sync.change_feed") > 2));
        }

        // The client goes and comes back, whatever it was told by then.
        var seen = first.LastEventId;
        await first.DisposeAsync();
        await using var second = await ChangeFollower.ConnectAsync(service.Client, lastEventId: seen);
        await open.CommitAsync();
        await fixture.TellAsync(Placed(late));

        (await second.NextAsync(2)).ShouldBe(Names(late, early));
        (await watching.NextAsync(2)).ShouldBe(Names(late, early));
        seen = second.LastEventId;
        await fixture.ProjectAsync(Placed(after));
        await using var third = await ChangeFollower.ConnectAsync(service.Client, lastEventId: seen);
        (await third.NextAsync()).OrderId.ShouldBe(after.OrderId);
        (await second.NextAsync()).OrderId.ShouldBe(after.OrderId);
        (await watching.NextAsync()).OrderId.ShouldBe(after.OrderId);
        await EndsAsync(service, watching, second, third);
    }

    [Fact]
    public async Task A_client_whose_filter_lets_nothing_through_learns_how_far_it_is()
    {
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings, ("Orders:Query:ChangePingSeconds", "1"));
        await using var nobody = await ChangeFollower.ConnectAsync(service.Client, "?merchant_id=nobody");
        var before = nobody.LastEventId;
        await fixture.ProjectAsync(Placed(Sample.Order()));

        // An id alone is no event: reading goes on until the stream ends.
        var reading = nobody.TryNextAsync();
        var seal = service.Services.GetRequiredService<ChangeIdSeal>();
        await Eventually.HoldsAsync(() => Task.FromResult(Position(nobody.LastEventId) > Position(before) && nobody.Comments.Contains(": ping")));
        await service.StopAsync();

        (await reading).ShouldBeNull();

        ChangePosition Position(string id) => seal.TryOpen(id, out var opened) ? opened.Position : default;
    }

    [Fact]
    public async Task A_client_of_a_database_that_is_no_more_must_read_again_and_then_follows()
    {
        await using var others = await ReadStores.CreateAsync(engines);
        await using var service = await QueryService.StartAsync(others.Settings);
        string foreign;
        await using (var follower = await ChangeFollower.ConnectAsync(fixture.Service.Client))
        {
            foreign = follower.LastEventId;
        }

        await using var reset = await ChangeFollower.ConnectAsync(service.Client, lastEventId: foreign, first: "reset");
        reset.LastEventId.ShouldNotBe(foreign);
        reset.LastEventId.ShouldNotBeEmpty();
        var order = Sample.Order();
        await StoreAsync(others.Postgres, Placed(order));
        (await reset.NextAsync()).OrderId.ShouldBe(order.OrderId);
    }

    [Fact]
    public async Task A_client_that_has_seen_more_than_there_is_must_read_again_and_one_that_another_instance_told_more_goes_on()
    {
        await using var follower = await ChangeFollower.ConnectAsync(fixture.Service.Client);
        var seal = fixture.Service.Services.GetRequiredService<ChangeIdSeal>();
        seal.TryOpen(follower.LastEventId, out var now).ShouldBeTrue();
        await using var ahead = await ChangeFollower.ConnectAsync(
            fixture.Service.Client, lastEventId: seal.Close(now! with { Position = new(now.Position.Xid + 1_000_000) }), first: "reset");

        // This instance has not looked yet, another one has: the client comes with an event that is news
        // here.
        var (seen, next) = (Sample.Order(), Sample.Order());
        await StoreAsync(fixture.Stores.Postgres, Placed(seen));
        var position = await PositionAsync(seen);
        await using var elsewhere = await ChangeFollower.ConnectAsync(fixture.Service.Client, lastEventId: seal.Close(now with { Position = position }));
        await fixture.ProjectAsync(Placed(next));

        (await follower.NextAsync(2)).ShouldBe(Names(seen, next));
        (await elsewhere.NextAsync()).OrderId.ShouldBe(next.OrderId);
        (await ahead.NextAsync(2)).ShouldBe(Names(seen, next));
    }

    [Fact]
    public async Task When_the_database_is_made_anew_under_a_stream_its_client_must_read_again()
    {
        await using var others = await ReadStores.CreateAsync(engines);
        await using var service = await QueryService.StartAsync(others.Settings);
        await using var follower = await ChangeFollower.ConnectAsync(service.Client);

        await others.ExecuteAsync("UPDATE sync.change_feed SET feed_id = '0badf00d'");
        var reset = await follower.NextAsync();
        var order = Sample.Order();
        await StoreAsync(others.Postgres, Placed(order));

        reset.Name.ShouldBe("reset");
        (service.Services.GetRequiredService<ChangeIdSeal>().TryOpen(reset.Id, out var id) ? id.Feed : "").ShouldBe("0badf00d");
        (await follower.NextAsync()).OrderId.ShouldBe(order.OrderId);
    }

    [Fact]
    public async Task More_than_the_memory_holds_comes_from_Postgres_whole_and_in_order()
    {
        const int Count = 6000;
        await using var others = await ReadStores.CreateAsync(engines);
        await using var service = await QueryService.StartAsync(others.Settings);
        await using var stalled = await ChangeFollower.ConnectAsync(service.Client, "?merchant_id=bulk");
        await using var watching = await ChangeFollower.ConnectAsync(service.Client, "?customer_id=last");
        var last = Sample.Order("bulk", customerId: "last");

        await others.ExecuteAsync(
            $$"""
            INSERT INTO order_history (order_id, version, revision, merchant_id, change, changed_at, body)
            SELECT gen_random_uuid(), n, n, 'bulk', 'placed', now(), json_build_object('filler', repeat('x', 2000)) FROM generate_series(1, {{Count}}) AS n
            """);
        await StoreAsync(others.Postgres, Placed(last));
        // The ring is past all of it before this client has read anything.
        (await watching.NextAsync()).OrderId.ShouldBe(last.OrderId);
        var ring = (ChangeRing)service.Services.GetService(typeof(ChangeRing))!;
        ring.Read(new(1), [], most: 1).IsBehind.ShouldBeTrue();

        var versions = new List<long>();
        while (versions.Count < Count)
        {
            versions.Add((await stalled.NextAsync()).Version);
        }

        versions.Order().ShouldBe(Enumerable.Range(1, Count).Select(n => (long)n));
        (await stalled.NextAsync()).OrderId.ShouldBe(last.OrderId);
        await EndsAsync(service, stalled, watching);
    }

    private async Task<ChangePosition> PositionAsync(Order order)
    {
        await using var command = fixture.Stores.Postgres.CreateCommand("SELECT feed_xid FROM order_history WHERE order_id = $1");
        command.Parameters.Add(new() { Value = order.OrderId });
        return new((ulong)(await command.ExecuteScalarAsync())!, order.OrderId, order.Version);
    }

    private static async Task EndsAsync(QueryService service, params ChangeFollower[] followers)
    {
        await service.StopAsync();
        foreach (var follower in followers)
        {
            (await follower.TryNextAsync()).ShouldBeNull();
        }
    }

    // Sorted, since a transaction's changes come in that order.
    private static Order[] Orders(int count) => Sorted([.. Enumerable.Range(0, count).Select(_ => Sample.Order())]);

    private static Order[] Sorted(params Order[] orders) => [.. orders.OrderBy(order => order.OrderId)];

    private static List<string> Names(params Order[] orders) => [.. orders.Select(order => $"placed {order.OrderId} {order.Version}")];
}
