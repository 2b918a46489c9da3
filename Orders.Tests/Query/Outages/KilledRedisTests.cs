using System.Net;
using Orders.Bench.Stores;
using Orders.Domain;
using Orders.Tests.Engines;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Query;

public sealed class KilledRedisTests(TestEngines engines)
{
    [Fact]
    public async Task Redis_is_killed_and_comes_back_while_orders_are_read()
    {
        await using var stores = await ReadStores.CreateAsync(engines);
        await using var redis = await OwnRedis.StartAsync();
        await using var service = await QueryService.StartAsync(stores.Settings, ("ConnectionStrings:redis", redis.Configuration));
        var order = Sample.Order();
        await stores.StoreAsync(order);
        var body = OrderJson.Render(order);
        using var stop = new CancellationTokenSource();
        var reading = ReadAsync();

        await redis.BelongsToAsync(stores.Postgres);
        await Eventually.HoldsAsync(async () => await ServedByAsync() == "redis");
        await redis.KillAsync();
        await Eventually.HoldsAsync(async () => await ServedByAsync() == "postgres");
        await redis.RunAsync();
        var identity = await redis.BelongsToAsync(stores.Postgres);
        await Eventually.HoldsAsync(async () => await ServedByAsync() == "redis");
        using (var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration))
        {
            (await connection.GetDatabase().KeyExistsAsync(stores.Keys.Order(order.OrderId))).ShouldBeTrue();
        }

        // The change feed is heard on the new connection as well: only the message can wake this one,
        // Postgres has no such order.
        var other = Sample.Order();
        var waiting = service.WaitForAsync(other.OrderId, minVersion: 1, seconds: 30);
        await service.WaitersAsync(1);
        using (var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration))
        {
            await connection.GetDatabase().HashSetAsync(
                stores.Keys.Order(other.OrderId), identity.Entry(other.Version, other.MerchantId, OrderJson.Render(other)));
            // The connection for commands may be back before the one for messages.
            await Eventually.HoldsAsync(async () =>
            {
                await connection.GetSubscriber().PublishAsync(RedisChannel.Literal(stores.Keys.Changes), $"{other.OrderId} 1 {other.MerchantId} placed\n");
                return waiting.IsCompleted;
            });
        }

        (await waiting).StatusCode.ShouldBe(HttpStatusCode.OK);
        await stop.CancelAsync();
        (await reading).ShouldBeGreaterThan(0);

        async Task<string> ServedByAsync()
        {
            using var answer = await service.Client.GetAsync($"/v1/orders/{order.OrderId}");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return answer.Headers.GetValues("X-Served-By").Single();
        }

        // Not one reader notices.
        async Task<int> ReadAsync()
        {
            var count = 0;
            for (; !stop.IsCancellationRequested; count++)
            {
                (await service.Client.GetByteArrayAsync($"/v1/orders/{order.OrderId}")).ShouldBe(body);
            }

            return count;
        }
    }
}
