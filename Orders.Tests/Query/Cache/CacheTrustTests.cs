using Microsoft.Extensions.DependencyInjection;
using Orders.Domain.Cache;
using Orders.Query;
using Orders.ServiceDefaults;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query.Cache;

public sealed class CacheTrustTests(QueryFixture fixture) : IClassFixture<QueryFixture>, IAsyncLifetime
{
    private CacheTrust Trust => fixture.Service.Services.GetRequiredService<CacheTrust>();

    public async ValueTask InitializeAsync()
    {
        await fixture.Stores.ExecuteAsync("TRUNCATE sync.shards");
        await fixture.Stores.Redis.KeyDeleteAsync(OrderCache.Vouched);
    }

    public ValueTask DisposeAsync() => new(InitializeAsync().AsTask());

    [Fact]
    public async Task A_stale_order_in_redis_is_not_served_while_nobody_vouches_for_redis()
    {
        var order = Sample.Order();
        await fixture.Stores.CacheAsync(order);
        await fixture.Stores.StoreAsync(order with { Version = 2 });
        await SomebodyProjectsAsync();

        await Trust.CheckAsync(CancellationToken.None);
        using var answer = await fixture.Service.Client.GetAsync($"/v1/orders/{order.OrderId}");

        answer.Headers.GetValues("X-Served-By").ShouldBe(["postgres"]);
        answer.Headers.ETag!.Tag.ShouldBe("\"2\"");
    }

    [Fact]
    public async Task Redis_is_trusted_while_the_writer_vouches_for_this_very_server()
    {
        await SomebodyProjectsAsync();
        var redis = fixture.Service.Services.GetRequiredService<IRedis>().Database!;

        await fixture.Stores.Redis.StringSetAsync(OrderCache.Vouched, "run_id:of-another");
        await Trust.CheckAsync(CancellationToken.None);
        Trust.IsTrusted.ShouldBeFalse();

        await fixture.Stores.Redis.StringSetAsync(OrderCache.Vouched, await redis.RunIdAsync());
        await Trust.CheckAsync(CancellationToken.None);
        Trust.IsTrusted.ShouldBeTrue();
    }

    [Fact]
    public async Task Redis_is_trusted_while_nobody_projects_anything()
    {
        await Trust.CheckAsync(CancellationToken.None);

        Trust.IsTrusted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_vouch_that_is_there_after_the_connection_was_lost_counts_when_one_from_before_would_have_run_out()
    {
        await SomebodyProjectsAsync();
        await fixture.Stores.VouchAsync();
        var (redis, time) = (new HeldRedis(fixture.Service.Services.GetRequiredService<IRedis>()), new ManualTime());
        using var trust = new CacheTrust(redis, fixture.Stores.Postgres, time);
        await trust.CheckAsync(CancellationToken.None);
        trust.IsTrusted.ShouldBeTrue();

        redis.Lost++;
        trust.IsTrusted.ShouldBeFalse();
        await trust.CheckAsync(CancellationToken.None);
        trust.IsTrusted.ShouldBeFalse();
        time.Advance(OrderCache.VouchLifetime - TimeSpan.FromTicks(1));
        await trust.CheckAsync(CancellationToken.None);
        trust.IsTrusted.ShouldBeFalse();

        time.Advance(TimeSpan.FromTicks(1));
        await trust.CheckAsync(CancellationToken.None);
        trust.IsTrusted.ShouldBeTrue();
    }

    [Fact]
    public async Task While_nobody_projects_anything_Redis_is_trusted_as_soon_as_it_is_back()
    {
        var redis = new HeldRedis(fixture.Service.Services.GetRequiredService<IRedis>()) { Lost = 1 };
        using var trust = new CacheTrust(redis, fixture.Stores.Postgres, new ManualTime());

        await trust.CheckAsync(CancellationToken.None);

        trust.IsTrusted.ShouldBeTrue();
    }

    private Task SomebodyProjectsAsync() => fixture.Stores.ExecuteAsync(
        "INSERT INTO sync.shards (stream_arn, shard_id, owner, leased_until) VALUES ('arn', 'shard', 'sync', now() + interval '1 hour')");
}
