using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Orders.Tests.Query;
using Shouldly;
using StackExchange.Redis;
using Xunit;
using IRedis = Orders.ServiceDefaults.IRedis;

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
        await Eventually.HoldsAsync(async () => await TryPrepareAsync(Vouch) is not null);
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

    [Fact]
    public async Task A_server_that_was_cut_off_is_vouched_for_when_nothing_from_before_it_was_found_again_is_left()
    {
        await using var gate = Gate();
        await using var parts = fixture.Build(Through(gate));
        var (redis, vouch) = (parts.App.Services.GetRequiredService<IRedis>(), parts.App.Services.GetRequiredService<CacheVouch>());
        await Eventually.HoldsAsync(async () => await vouch.PrepareAsync(CancellationToken.None) is not null);
        await RenewAsync(vouch);
        (await Cache.KeyExistsAsync(OrderCache.Vouched)).ShouldBeTrue();

        // So short that no turn of the service comes in it.
        var before = redis.Interruptions;
        gate.Shut();
        await Eventually.HoldsAsync(() => Task.FromResult(redis.Interruptions > before));
        gate.Open();
        await Eventually.HoldsAsync(() => Task.FromResult(redis.IsConnected));
        await fixture.ExecuteAsync("INSERT INTO sync.cache_repairs VALUES (gen_random_uuid(), ARRAY[gen_random_uuid()])");
        await RenewAsync(vouch);
        (await Cache.KeyExistsAsync(OrderCache.Vouched)).ShouldBeFalse();

        // What is written since it was found again is no reason for doubt.
        await fixture.ExecuteAsync("TRUNCATE sync.cache_repairs; INSERT INTO sync.cache_repairs VALUES (gen_random_uuid(), ARRAY[gen_random_uuid()])");
        await RenewAsync(vouch);
        (await Cache.KeyExistsAsync(OrderCache.Vouched)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_did_not_answer_is_vouched_for_when_nothing_from_before_it_was_found_again_is_left()
    {
        await using var gate = Gate();
        await using var parts = fixture.Build(Through(gate));
        var vouch = parts.App.Services.GetRequiredService<CacheVouch>();
        await Eventually.HoldsAsync(async () => await vouch.PrepareAsync(CancellationToken.None) is not null);

        gate.Stall();
        await Eventually.HoldsAsync(async () => await vouch.PrepareAsync(CancellationToken.None) is null);
        gate.Resume();
        await Eventually.HoldsAsync(async () =>
        {
            await fixture.ExecuteAsync("TRUNCATE sync.cache_repairs; INSERT INTO sync.cache_repairs VALUES (gen_random_uuid(), ARRAY[gen_random_uuid()])");
            return await vouch.PrepareAsync(CancellationToken.None) is not null;
        });
        await RenewAsync(vouch);

        (await Cache.KeyExistsAsync(OrderCache.Vouched)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_change_that_redis_did_not_take_is_a_reason_for_doubt_however_young_it_is()
    {
        await RenewAsync();
        var poisoned = Guid.CreateVersion7();
        await Cache.StringSetAsync(OrderCache.Key(poisoned), "no hash");
        await fixture.ExecuteAsync("INSERT INTO sync.cache_repairs VALUES (gen_random_uuid(), ARRAY[gen_random_uuid()])");
        (await _parts.App.Services.GetRequiredService<OrderCacheWriter>().TryWriteAsync([new CacheEntry(poisoned, 1, "m", [])], CancellationToken.None)).ShouldBeFalse();

        await RenewAsync();

        (await Cache.KeyExistsAsync(OrderCache.Vouched)).ShouldBeFalse();
        await Cache.KeyDeleteAsync(OrderCache.Key(poisoned));
    }

    private TcpGate Gate()
    {
        var engine = IPEndPoint.Parse(Address);
        return new TcpGate($"{engine.Address}", engine.Port);
    }

    private string Through(TcpGate gate) => fixture.Stores.Redis!.Replace(Address, $"127.0.0.1:{gate.Port}", StringComparison.Ordinal);

    private string Address => fixture.Stores.Redis!.Split(',')[0];

    // Once, but for turns in which a store does not answer in time: the service too comes again after these.
    private static Task RenewAsync(CacheVouch vouch) => Eventually.HoldsAsync(async () =>
        await TryPrepareAsync(vouch) is { } runId && await vouch.RenewAsync(runId, CancellationToken.None));

    private static async Task<string?> TryPrepareAsync(CacheVouch vouch)
    {
        try
        {
            return await vouch.PrepareAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private Task RenewAsync() => RenewAsync(Vouch);
}
