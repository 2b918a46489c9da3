using Microsoft.Extensions.DependencyInjection;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Orders.Tests.Query;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Sync.Cache;

public sealed class CacheFillingTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private ProjectionFixture.Parts _parts = null!;
    private ConnectionMultiplexer _redis = null!;
    private RedisKey _stale;

    private CacheFilling Filling => _parts.App.Services.GetRequiredService<CacheFilling>();

    private IDatabase Cache => _redis.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(fixture.Stores.Redis is null, "no Redis on this machine");
        _redis = await ConnectionMultiplexer.ConnectAsync(fixture.Stores.Redis!);
        await Cache.KeyDeleteAsync(fixture.Keys.Writers);
        _parts = fixture.Build();
        await EnsureAsync();
        _stale = fixture.Keys.Order(Guid.CreateVersion7());
        await Cache.HashSetAsync(_stale, OrderCache.VersionField, 1);
    }

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
        {
            await _parts.DisposeAsync();
            _redis.Dispose();
        }
    }

    [Fact]
    public async Task A_redis_that_stayed_keeps_its_orders()
    {
        var before = await EnsureAsync();

        (await EnsureAsync()).ShouldBe(before);

        (await Cache.KeyExistsAsync(_stale)).ShouldBeTrue();
        (await fixture.ScalarAsync<string>("SELECT identity FROM sync.cache_identity")).ShouldBe(before);
    }

    [Theory]
    [InlineData("started again with a dump, or was promoted")]
    [InlineData("flushed")]
    [InlineData("emptied by another whose word Postgres does not have")]
    [InlineData("of a read model that was made anew")]
    public async Task One_that_may_have_older_data_is_emptied_of_orders(string how)
    {
        var before = await EnsureAsync();
        var identity = CacheIdentity.Parse(before)!.Value;
        await Cache.StringSetAsync("somebody:else", "kept");
        switch (how)
        {
            case "flushed":
                await Cache.KeyDeleteAsync(fixture.Keys.Identity);
                break;
            case "of a read model that was made anew":
                await fixture.ExecuteAsync("DELETE FROM sync.cache_identity");
                break;
            default:
                var other = how switch
                {
                    "emptied by another whose word Postgres does not have" => identity with { Filling = "other" },
                    _ => identity with { Server = "other" },
                };
                await Cache.StringSetAsync(fixture.Keys.Identity, other.ToString());
                break;
        }

        var after = await EnsureAsync();

        after.ShouldNotBe(before);
        (await Cache.KeyExistsAsync(_stale)).ShouldBeFalse();
        (await Cache.KeyExistsAsync("somebody:else")).ShouldBeTrue();
        ((string?)await Cache.StringGetAsync(fixture.Keys.Identity)).ShouldBe(after);
        (await fixture.ScalarAsync<string>("SELECT identity FROM sync.cache_identity")).ShouldBe(after);
    }

    [Fact]
    public async Task What_another_read_model_has_in_it_is_left_alone_by_a_purge()
    {
        await EnsureAsync();
        var others = new CacheKeys("other");
        var order = others.Order(Guid.CreateVersion7());
        await Cache.StringSetAsync(others.Identity, "its identity");
        await Cache.HashSetAsync(others.Writers, "other/1", 1);
        await Cache.HashSetAsync(order, OrderCache.VersionField, 1);
        await Cache.KeyDeleteAsync(fixture.Keys.Identity);

        await EnsureAsync();

        (await Cache.KeyExistsAsync(_stale)).ShouldBeFalse();
        ((string?)await Cache.StringGetAsync(others.Identity)).ShouldBe("its identity");
        (await Cache.KeyExistsAsync(others.Writers)).ShouldBeTrue();
        (await Cache.KeyExistsAsync(order)).ShouldBeTrue();
        await Cache.KeyDeleteAsync([others.Identity, others.Writers, order]);
    }

    [Fact]
    public async Task One_that_has_seen_a_later_transaction_than_Postgres_is_emptied()
    {
        var before = await EnsureAsync();
        var seen = (ulong)await Cache.StringGetAsync(fixture.Keys.LastTransaction);
        await Cache.StringSetAsync(fixture.Keys.LastTransaction, $"{seen + 1_000_000}");

        var after = await EnsureAsync();

        after.ShouldNotBe(before);
        (await Cache.KeyExistsAsync(_stale)).ShouldBeFalse();
        ((ulong)await Cache.StringGetAsync(fixture.Keys.LastTransaction)).ShouldBeLessThan(seen + 1_000_000);
        (await EnsureAsync()).ShouldBe(after);
    }

    [Fact]
    public async Task Nothing_stays_in_it_for_ever()
    {
        await EnsureAsync();

        foreach (var key in new[] { fixture.Keys.Identity, fixture.Keys.LastTransaction })
        {
            (await Cache.KeyTimeToLiveAsync(key)).ShouldNotBeNull().ShouldBeInRange(OrderCache.OrderLifetime, OrderCache.MarkLifetime);
        }
    }

    [Fact]
    public async Task One_that_took_over_the_data_of_an_old_primary_is_emptied_although_it_never_stopped()
    {
        await using var primary = await OwnRedis.StartAsync();
        await using var own = await OwnRedis.StartAsync();
        await using var parts = fixture.Build(own.Configuration);
        var filling = parts.App.Services.GetRequiredService<CacheFilling>();
        await Eventually.HoldsAsync(async () => await filling.EnsureAsync() is not null);
        using var connection = await ConnectionMultiplexer.ConnectAsync(own.Configuration);
        using var toPrimary = await ConnectionMultiplexer.ConnectAsync(primary.Configuration);
        var (cache, old) = (connection.GetDatabase(), toPrimary.GetDatabase());

        // A copy from a while ago: with the same marks.
        await old.StringSetAsync(fixture.Keys.Identity, await cache.StringGetAsync(fixture.Keys.Identity));
        await old.HashSetAsync(_stale, OrderCache.VersionField, 1);
        await cache.ExecuteAsync("REPLICAOF", "127.0.0.1", $"{((System.Net.IPEndPoint)toPrimary.GetEndPoints()[0]).Port}");
        await Eventually.HoldsAsync(() => cache.KeyExistsAsync(_stale));
        await cache.ExecuteAsync("REPLICAOF", "NO", "ONE");

        await Eventually.HoldsAsync(async () => await filling.EnsureAsync() is not null && !await cache.KeyExistsAsync(_stale));
    }

    // Again after a turn in which a store did not answer in time, or another had the lock.
    private async Task<string> EnsureAsync()
    {
        string? identity = null;
        await Eventually.HoldsAsync(async () => (identity = await Filling.EnsureAsync()) is not null);
        return identity!;
    }
}
