using Microsoft.Extensions.DependencyInjection;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Orders.Tests.Engines;
using Orders.Tests.Query;
using Shouldly;
using StackExchange.Redis;
using Xunit;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Tests.Sync.Cache;

public sealed class RedisClusterTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    private const int Slots = 16_384;

    [Fact]
    public async Task A_cluster_which_refuses_a_script_over_several_slots_gets_each_order_by_itself()
    {
        // The server writes it into its folder, whatever it is told to keep.
        using var folder = new TempFolder();
        await using var redis = await OwnRedis.StartAsync("--cluster-enabled", "yes", "--dir", folder.Path);
        using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        await connection.GetDatabase().ExecuteAsync("CLUSTER", ["ADDSLOTS", .. Enumerable.Range(0, Slots).Select(slot => (object)slot)]);
        await using var parts = fixture.Build(redis.Configuration);
        var services = parts.App.Services;
        var orders = Enumerable.Range(0, 10).Select(_ => SampleOrders.Placed()).ToArray();
        await Eventually.HoldsAsync(() => services.GetRequiredService<CacheRepairService>().TurnAsync(CancellationToken.None));

        await parts.ApplyAsync(await fixture.LeaseAsync(), [.. orders.Select(StreamRecords.Insert)]);

        var cache = services.GetRequiredService<IRedis>().Database!;
        foreach (var order in orders)
        {
            ((string?)await cache.HashGetAsync(fixture.Keys.Order(order.OrderId), OrderCache.MerchantField)).ShouldBe(order.MerchantId);
        }
    }
}
