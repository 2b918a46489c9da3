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
        await fixture.Stores.Redis.KeyDeleteAsync(fixture.Stores.Keys.Writers);
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
        var identity = CacheIdentity.Parse(await fixture.Stores.Redis.StringGetAsync(fixture.Stores.Keys.Identity))!.Value;

        foreach (var other in new[] { identity with { Scope = "other" }, identity with { Server = "other" }, identity with { Filling = "other" } })
        {
            await fixture.Stores.Redis.StringSetAsync(fixture.Stores.Keys.Identity, other.ToString());
            await _trust.CheckAsync(CancellationToken.None);
            _trust.IsTrusted.ShouldBeFalse();
        }

        await fixture.Stores.Redis.KeyDeleteAsync(fixture.Stores.Keys.Identity);
        await _trust.CheckAsync(CancellationToken.None);
        _trust.IsTrusted.ShouldBeFalse();
        await fixture.Stores.Redis.StringSetAsync(fixture.Stores.Keys.Identity, identity.ToString());
        await TrustedAsync();
    }

    [Fact]
    public async Task It_is_not_when_it_has_seen_a_later_transaction_than_Postgres_a_database_that_was_restored()
    {
        await TrustedAsync();

        await fixture.Stores.Redis.StringSetAsync(fixture.Stores.Keys.LastTransaction, $"{long.MaxValue}");
        await _trust.CheckAsync(CancellationToken.None);
        _trust.IsTrusted.ShouldBeFalse();

        await fixture.Stores.Redis.StringSetAsync(fixture.Stores.Keys.LastTransaction, "1");
        await TrustedAsync();
        await fixture.Stores.Redis.KeyDeleteAsync(fixture.Stores.Keys.LastTransaction);
    }

    [Fact]
    public async Task It_is_not_when_the_read_model_is_another_one_whatever_the_writers_say()
    {
        await TrustedAsync();
        var keys = _trust.Keys.ShouldNotBeNull();

        await fixture.Stores.ExecuteAsync("INSERT INTO sync.source_table VALUES ('another')");
        await _trust.CheckAsync(CancellationToken.None);
        _trust.IsTrusted.ShouldBeFalse();
        _trust.Keys.ShouldNotBe(keys);

        await fixture.Stores.ExecuteAsync("DELETE FROM sync.source_table");
        await TrustedAsync();
        _trust.Keys.ShouldBe(keys);
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

        Task BeatAsync(int first, int second) => fixture.Stores.Redis.HashSetAsync(fixture.Stores.Keys.Writers, [new("sync-1", first), new("sync-2", second)]);
    }

    [Fact]
    public async Task A_read_model_that_Postgres_does_not_have_any_more_is_no_silence_whatever_the_writers_say()
    {
        await fixture.Stores.ExecuteAsync("INSERT INTO sync.instances VALUES ('sync-1', 'orders', now() + interval '1 hour')");
        await TrustedAsync();
        await fixture.Stores.ExecuteAsync("ALTER TABLE sync.cache_identity RENAME TO cache_identity_gone");
        try
        {
            for (var beat = 1; beat < 4; beat++)
            {
                await fixture.Stores.Redis.HashSetAsync(fixture.Stores.Keys.Writers, "sync-1", beat);
                await _trust.CheckAsync(CancellationToken.None);
            }

            _trust.IsTrusted.ShouldBeFalse();
        }
        finally
        {
            await fixture.Stores.ExecuteAsync("ALTER TABLE sync.cache_identity_gone RENAME TO cache_identity");
        }
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
