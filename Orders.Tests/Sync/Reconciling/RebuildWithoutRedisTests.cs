using System.Net;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Orders.Sync.Repair;
using Orders.Tests.Query;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Reconciling;

public sealed class RebuildWithoutRedisTests(TableFixture fixture) : IClassFixture<TableFixture>
{
    [Fact]
    public async Task It_completes_and_what_redis_has_wrong_is_removed_when_it_is_back()
    {
        await fixture.ResetAsync();
        var cache = fixture.Redis;
        var address = fixture.Stores.Redis!.Split(',')[0];
        var engine = IPEndPoint.Parse(address);
        await using var gate = new TcpGate($"{engine.Address}", engine.Port);
        await using var parts = fixture.Build(("ConnectionStrings:redis", fixture.Stores.Redis!.Replace(address, $"127.0.0.1:{gate.Port}", StringComparison.Ordinal)));
        await parts.RedisAsync();
        var (wrong, ahead) = (SampleOrders.Placed(1m), SampleOrders.Placed(2m));
        await fixture.PutAsync(wrong, ahead);
        await parts.ApplyAsync(await fixture.LeaseAsync(), [.. new[] { wrong, ahead }.Select(StreamRecords.Insert)]);
        await TurnAsync(parts);

        // As a bug or a hand would leave it: the stores agree on what the table has not.
        await fixture.ExecuteAsync("UPDATE orders SET amount = 77; UPDATE orders SET version = 9 WHERE order_id = @OrderId", ahead);
        await cache.HashSetAsync(fixture.Keys.Order(wrong.OrderId), OrderCache.BodyField, "wrong");
        await cache.HashSetAsync(fixture.Keys.Order(ahead.OrderId), [new(OrderCache.VersionField, 9), new(OrderCache.BodyField, "wrong")]);
        gate.Shut();

        (await parts.RunAsync(SnapshotKind.Rebuild)).Phase.ShouldBe("completed");

        (await fixture.ScalarAsync<string>("SELECT string_agg(amount || ' ' || version, ', ' ORDER BY amount) FROM orders")).ShouldBe("1.00 1, 2.00 1");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.cache_repairs")).ShouldBeGreaterThan(0);

        gate.Open();
        await TurnAsync(parts);
        foreach (var order in new[] { wrong, ahead })
        {
            (await fixture.CachedAsync(order.OrderId)).ShouldBeEmpty();
        }
    }

    // Again after a turn in which a store did not answer in time.
    private static Task TurnAsync(TableFixture.SyncParts parts) =>
        Eventually.HoldsAsync(() => parts.Get<CacheRepairService>().TurnAsync(CancellationToken.None));
}
