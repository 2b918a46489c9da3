using System.Net;
using Npgsql;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;
using static Orders.Tests.Query.ChangeFixture;

namespace Orders.Tests.Query;

public sealed class ChangesUnderOutagesTests(TestEngines engines)
{
    [Fact]
    public async Task Without_any_Redis_changes_come()
    {
        await using var stores = await ReadStores.CreateAsync(engines);
        await using var service = await QueryService.StartAsync(stores.Settings, ("ConnectionStrings:redis", null));
        await using var follower = await ChangeFollower.ConnectAsync(service.Client);
        var order = Sample.Order();

        await StoreAsync(stores.Postgres, Placed(order));

        var change = await follower.NextAsync();
        change.OrderId.ShouldBe(order.OrderId);
        change.Data.GetProperty("cached_at").GetString().ShouldBeNull();
    }

    [Fact]
    public async Task Redis_is_flushed_and_killed_and_no_change_is_missed_or_comes_twice()
    {
        await using var stores = await ReadStores.CreateAsync(engines);
        await using var redis = await OwnRedis.StartAsync();
        await using var service = await QueryService.StartAsync(stores.Settings, ("ConnectionStrings:redis", redis.Configuration));
        await using var follower = await ChangeFollower.ConnectAsync(service.Client);
        var orders = Enumerable.Range(0, 6).Select(_ => Sample.Order()).ToArray();
        await StoreAsync(stores.Postgres, Placed(orders[0]));
        var first = await follower.NextAsync();

        await redis.FlushAsync();
        await StoreAsync(stores.Postgres, Placed(orders[1]));
        await using var afterFlush = await ChangeFollower.ConnectAsync(service.Client, lastEventId: first.Id);
        await redis.KillAsync();
        await StoreAsync(stores.Postgres, Placed(orders[2]));
        await using var whileAway = await ChangeFollower.ConnectAsync(service.Client, lastEventId: first.Id);
        (await whileAway.NextAsync(2)).ShouldBe(Names(orders[1..3]));
        await redis.RunAsync();
        await StoreAsync(stores.Postgres, Placed(orders[3]));

        foreach (var resumed in new[] { follower, afterFlush })
        {
            (await resumed.NextAsync(3)).ShouldBe(Names(orders[1..4]));
        }

        (await whileAway.NextAsync()).OrderId.ShouldBe(orders[3].OrderId);
        await service.StopAsync();
        foreach (var resumed in new[] { follower, afterFlush, whileAway })
        {
            (await resumed.TryNextAsync()).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Postgres_goes_for_a_moment_and_the_stream_goes_on_where_it_was()
    {
        await using var stores = await ReadStores.CreateAsync(engines);
        var address = new NpgsqlConnectionStringBuilder(stores.Settings["ConnectionStrings:orders"]);
        await using var gate = new TcpGate(address.Host!, address.Port);
        var through = new NpgsqlConnectionStringBuilder(address.ConnectionString) { Port = gate.Port }.ConnectionString;
        await using var service = await QueryService.StartAsync(stores.Settings, ("ConnectionStrings:orders", through), ("Orders:Query:ChangePingSeconds", "1"));
        await using var follower = await ChangeFollower.ConnectAsync(service.Client);
        var orders = Enumerable.Range(0, 3).Select(_ => Sample.Order()).ToArray();
        await StoreAsync(stores.Postgres, Placed(orders[0]));
        var first = await follower.NextAsync();

        gate.Shut();
        await StoreAsync(stores.Postgres, Placed(orders[1]));
        // Who is here stays, and hears that the service lives.
        var next = follower.NextAsync();
        var pings = follower.Comments.Count;
        await Eventually.HoldsAsync(() => Task.FromResult(follower.Comments.Count > pings));
        next.IsCompleted.ShouldBeFalse();
        // Whoever comes is let in where memory has enough to begin with: the ring goes as far as the first
        // order.
        await using var resumed = await ChangeFollower.ConnectAsync(service.Client, lastEventId: first.Id);
        gate.Open();
        await StoreAsync(stores.Postgres, Placed(orders[2]));

        (await next).OrderId.ShouldBe(orders[1].OrderId);
        (await follower.NextAsync()).OrderId.ShouldBe(orders[2].OrderId);
        (await resumed.NextAsync(2)).ShouldBe(Names(orders[1..]));
    }

    [Fact]
    public async Task A_stream_that_cannot_begin_without_Postgres_is_503_and_can_begin_when_it_is_back()
    {
        await using var stores = await ReadStores.CreateAsync(engines);
        var address = new NpgsqlConnectionStringBuilder(stores.Settings["ConnectionStrings:orders"]);
        await using var gate = new TcpGate(address.Host!, address.Port);
        var through = new NpgsqlConnectionStringBuilder(address.ConnectionString) { Port = gate.Port }.ConnectionString;
        await using var service = await QueryService.StartAsync(stores.Settings, ("ConnectionStrings:orders", through));

        gate.Shut();
        using (var answer = await service.Client.GetAsync("/v1/changes"))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        gate.Open();
        await using var follower = await ChangeFollower.ConnectAsync(service.Client);
        var order = Sample.Order();
        await StoreAsync(stores.Postgres, Placed(order));
        (await follower.NextAsync()).OrderId.ShouldBe(order.OrderId);
    }

    private static List<string> Names(params Orders.Domain.Order[] orders) => [.. orders.Select(order => $"placed {order.OrderId} {order.Version}")];
}
