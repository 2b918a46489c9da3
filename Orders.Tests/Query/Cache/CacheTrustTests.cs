using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Domain.Cache;
using Orders.Query.Cache;
using Orders.ServiceDefaults.Stores;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query.Cache;

public sealed class CacheTrustTests(QueryFixture fixture) : IClassFixture<QueryFixture>, IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private HeldRedis _redis = null!;
    private TcpGate _gate = null!;
    private NpgsqlDataSource _postgres = null!;
    private CacheTrust _trust = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.Stores.ExecuteAsync("TRUNCATE sync.shards, sync.instances, sync.cache_suspensions");
        await fixture.Stores.Redis.KeyDeleteAsync(OrderCache.Writers);
        var address = new NpgsqlConnectionStringBuilder(fixture.Stores.Settings["ConnectionStrings:orders"]);
        _gate = new(address.Host!, address.Port);
        address.Port = _gate.Port;
        (_redis, _postgres) = (new HeldRedis(fixture.Service.Services.GetRequiredService<IRedis>()), NpgsqlDataSource.Create(address.ConnectionString));
        _trust = new CacheTrust(_redis, _postgres, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _trust.Dispose();
        await _postgres.DisposeAsync();
        await _gate.DisposeAsync();
        await fixture.Stores.LiftAsync();
    }

    [Fact]
    public async Task Redis_is_trusted_while_it_is_what_Postgres_says_it_is()
    {
        await TrustedAsync();
        var identity = CacheIdentity.Parse(await fixture.Stores.Redis.StringGetAsync(OrderCache.Identity))!.Value;

        foreach (var other in new[] { identity with { ReadModel = "other" }, identity with { Server = "other" }, identity with { Filling = "other" } })
        {
            await fixture.Stores.Redis.StringSetAsync(OrderCache.Identity, other.ToString());
            await _trust.CheckAsync(CancellationToken.None);
            _trust.IsTrusted.ShouldBeFalse();
        }

        await fixture.Stores.Redis.KeyDeleteAsync(OrderCache.Identity);
        await _trust.CheckAsync(CancellationToken.None);
        _trust.IsTrusted.ShouldBeFalse();
        await fixture.Stores.Redis.StringSetAsync(OrderCache.Identity, identity.ToString());
        await TrustedAsync();
    }

    [Fact]
    public async Task It_is_not_while_a_writer_cannot_announce_its_changes()
    {
        await TrustedAsync();

        await fixture.Stores.SuspendAsync();
        await _trust.CheckAsync(CancellationToken.None);
        _trust.IsTrusted.ShouldBeFalse();

        await fixture.Stores.LiftAsync();
        await TrustedAsync();
    }

    [Fact]
    public async Task Trust_runs_out_unless_it_is_looked_again()
    {
        await TrustedAsync();

        _time.Advance(OrderCache.TrustLifetime - TimeSpan.FromTicks(1));
        _trust.IsTrusted.ShouldBeTrue();
        _time.Advance(TimeSpan.FromTicks(1));
        _trust.IsTrusted.ShouldBeFalse();

        await TrustedAsync();
    }

    [Fact]
    public async Task A_lost_connection_ends_it()
    {
        await TrustedAsync();

        _redis.Lost++;
        _trust.IsTrusted.ShouldBeFalse();

        await TrustedAsync();
    }

    [Fact]
    public async Task While_Postgres_does_not_answer_the_writers_must_be_heard_of_in_Redis()
    {
        await fixture.Stores.ExecuteAsync("INSERT INTO sync.instances VALUES ('sync-1', 'orders', now() + interval '1 hour'), ('sync-2', 'orders', now() + interval '1 hour')");
        await TrustedAsync();
        _gate.Shut();

        // Both have been heard of, and one has not risen since.
        await BeatAsync(1, 1);
        await _trust.CheckAsync(CancellationToken.None);
        _trust.IsTrusted.ShouldBeFalse();
        await BeatAsync(2, 1);
        await _trust.CheckAsync(CancellationToken.None);
        _trust.IsTrusted.ShouldBeFalse();

        await BeatAsync(3, 2);
        await _trust.CheckAsync(CancellationToken.None);
        _trust.IsTrusted.ShouldBeTrue();

        // Their word counts up to the moment at which the first change may be committed past Redis, whoever
        // asks and whenever.
        _time.Advance(OrderCache.SuspensionDelay - TimeSpan.FromMilliseconds(1));
        _trust.IsTrusted.ShouldBeTrue();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _trust.IsTrusted.ShouldBeFalse();
        await _trust.CheckAsync(CancellationToken.None);
        _trust.IsTrusted.ShouldBeFalse();

        Task BeatAsync(int first, int second) => fixture.Stores.Redis.HashSetAsync(OrderCache.Writers, [new("sync-1", first), new("sync-2", second)]);
    }

    [Fact]
    public async Task Who_has_never_heard_from_Postgres_does_not_trust_Redis()
    {
        _gate.Shut();

        await _trust.CheckAsync(CancellationToken.None);

        _trust.IsTrusted.ShouldBeFalse();
    }

    // Again after a look in which a store did not answer in time.
    private Task TrustedAsync() => Eventually.HoldsAsync(async () =>
    {
        await _trust.CheckAsync(CancellationToken.None);
        return _trust.IsTrusted;
    });
}
