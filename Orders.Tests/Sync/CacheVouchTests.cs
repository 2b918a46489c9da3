using Microsoft.Extensions.DependencyInjection;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Sync;

public sealed class CacheVouchTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private ProjectionFixture.Parts _parts = null!;
    private ConnectionMultiplexer _redis = null!;

    private CacheVouch Vouch => _parts.App.Services.GetRequiredService<CacheVouch>();

    private IDatabase Cache => _redis.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(fixture.Stores.Redis is null, "no Redis on this machine");
        _redis = await ConnectionMultiplexer.ConnectAsync(fixture.Stores.Redis!);
        _parts = fixture.Build();
        await fixture.ExecuteAsync("TRUNCATE sync.cache_repairs");
        await Eventually.HoldsAsync(async () => await Vouch.PrepareAsync(CancellationToken.None) is not null);
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
    public async Task Redis_is_vouched_for_while_it_lacks_nothing()
    {
        await RenewAsync();

        (await Cache.KeyExistsAsync(OrderCache.Vouched)).ShouldBeTrue();
        (await Cache.KeyTimeToLiveAsync(OrderCache.Vouched))!.Value.ShouldBeLessThanOrEqualTo(OrderCache.VouchLifetime);
    }

    [Fact]
    public async Task The_word_is_taken_back_while_a_repair_is_open()
    {
        await RenewAsync();
        await fixture.ExecuteAsync("INSERT INTO sync.cache_repairs VALUES (gen_random_uuid(), ARRAY[gen_random_uuid()], now() - interval '1 minute')");

        await RenewAsync();

        (await Cache.KeyExistsAsync(OrderCache.Vouched)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_being_written_right_now_is_no_reason_for_doubt()
    {
        await fixture.ExecuteAsync("INSERT INTO sync.cache_repairs VALUES (gen_random_uuid(), ARRAY[gen_random_uuid()])");

        await RenewAsync();

        (await Cache.KeyExistsAsync(OrderCache.Vouched)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_came_back_with_older_data_is_emptied_of_orders_before_it_is_vouched_for()
    {
        var stale = OrderCache.Key(Guid.CreateVersion7());
        await Cache.HashSetAsync(stale, OrderCache.VersionField, 1);
        await Cache.StringSetAsync("somebody:else", "kept");

        // As after a restart from a dump, or on a replica that was promoted: the marker is another server's.
        await Cache.StringSetAsync(OrderCache.Purged, "run_id:of-another");
        await RenewAsync();

        (await Cache.KeyExistsAsync(stale)).ShouldBeFalse();
        (await Cache.KeyExistsAsync("somebody:else")).ShouldBeTrue();
        (await Cache.KeyExistsAsync(OrderCache.Vouched)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_stayed_keeps_its_orders()
    {
        await RenewAsync();
        var order = OrderCache.Key(Guid.CreateVersion7());
        await Cache.HashSetAsync(order, OrderCache.VersionField, 1);
        await Cache.KeyDeleteAsync(OrderCache.Vouched);

        await RenewAsync();

        (await Cache.KeyExistsAsync(order)).ShouldBeTrue();
    }

    private async Task RenewAsync() => await Vouch.RenewAsync((await Vouch.PrepareAsync(CancellationToken.None)).ShouldNotBeNull(), CancellationToken.None);
}
