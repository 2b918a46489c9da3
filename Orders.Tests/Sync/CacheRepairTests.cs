using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.Sync.Cache;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync;

public sealed class CacheRepairTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    [Fact]
    public async Task What_redis_missed_is_listed_by_the_same_transaction_and_repaired_later()
    {
        Assert.SkipWhen(fixture.Stores.Redis is null, "no Redis on this machine");
        var kept = SampleOrders.Placed();
        var deleted = SampleOrders.Placed();
        var lease = await fixture.LeaseAsync();
        await using (var withoutRedis = fixture.Build(redis: "127.0.0.1:1"))
        {
            await withoutRedis.ApplyAsync(lease, StreamRecords.Insert(kept), StreamRecords.Insert(deleted));
            await withoutRedis.ApplyAsync(lease, StreamRecords.Remove(deleted));
        }

        (await fixture.CachedAsync(kept.OrderId)).ShouldBeEmpty();
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.cache_repairs")).ShouldBe(2);

        // Long enough ago that nobody can be writing them now.
        await fixture.ExecuteAsync("UPDATE sync.cache_repairs SET created_at = now() - interval '1 minute'");
        await using var parts = fixture.Build();
        var repairing = parts.App.Services.GetServices<IHostedService>().OfType<CacheRepairService>().Single();
        await repairing.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.cache_repairs") == 0);
        await repairing.StopAsync(CancellationToken.None);

        (await fixture.CachedAsync(kept.OrderId))["v"].ShouldBe("1");
        (await fixture.CachedAsync(deleted.OrderId))["v"].ShouldBe("2");
        (await fixture.CachedAsync(deleted.OrderId)).ShouldNotContainKey("b");
    }
}
