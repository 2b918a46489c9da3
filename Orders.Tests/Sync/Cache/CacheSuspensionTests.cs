using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Orders.Sync.Projection;
using Orders.Tests.Query;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Cache;

public sealed class CacheSuspensionTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(fixture.Stores.Redis is null, "no Redis on this machine");
        await fixture.ExecuteAsync("TRUNCATE sync.cache_suspensions, sync.cache_repairs");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task It_is_settled_when_every_readers_trust_has_run_out()
    {
        await using var parts = fixture.Build();
        var time = new ManualTime();
        using var suspension = Suspension(parts, time);

        (await IsSettledAsync(suspension)).ShouldBeFalse();
        time.Advance(OrderCache.TrustLifetime);
        (await IsSettledAsync(suspension)).ShouldBeFalse();
        time.Advance(OrderCache.SuspensionDelay - OrderCache.TrustLifetime);
        (await IsSettledAsync(suspension)).ShouldBeTrue();

        // Readers are kept away already.
        await using var others = fixture.Build();
        using var other = Suspension(others, time);
        (await IsSettledAsync(other)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_redis_does_not_take_is_committed_past_it_listed_by_the_same_transaction_and_mended_later()
    {
        var (order, lease) = (SampleOrders.Placed(), await fixture.LeaseAsync());
        var engine = IPEndPoint.Parse(fixture.Stores.Redis!.Split(',')[0]);
        await using var gate = new TcpGate($"{engine.Address}", engine.Port);
        await using var parts = fixture.Build(fixture.Stores.Redis!.Replace($"{engine}", $"127.0.0.1:{gate.Port}", StringComparison.Ordinal));
        await TurnAsync(parts);
        await parts.ApplyAsync(lease, StreamRecords.Insert(order));
        (await fixture.CachedAsync(order.OrderId))["v"].ShouldBe("1");

        gate.Shut();
        var paid = order.Next(OrderStatus.Paid);
        await parts.ApplyAsync(lease, StreamRecords.Modify(order, paid));

        (await fixture.ScalarAsync<int>("SELECT version FROM orders WHERE order_id = @OrderId", order)).ShouldBe(2);
        (await fixture.ScalarAsync<string>("SELECT o.xmin::text = r.xmin::text AND s.is_settled FROM orders AS o, sync.cache_repairs AS r, sync.cache_suspensions AS s WHERE order_id = @OrderId", order)).ShouldBe("True");
        (await fixture.CachedAsync(order.OrderId))["v"].ShouldBe("1");

        gate.Open();
        await TurnAsync(parts);
        (await fixture.CachedAsync(order.OrderId)).ShouldBeEmpty();
        (await fixture.ScalarAsync<int>("SELECT (SELECT count(*) FROM sync.cache_suspensions) + (SELECT count(*) FROM sync.cache_repairs)")).ShouldBe(0);

        await parts.ApplyAsync(lease, StreamRecords.Modify(paid, paid.Next(OrderStatus.Shipped)));
        (await fixture.CachedAsync(order.OrderId))["v"].ShouldBe("3");
    }

    [Fact]
    public async Task Nothing_is_committed_past_redis_when_the_suspension_is_gone()
    {
        await using var parts = fixture.Build(redis: "127.0.0.1:1");
        var (first, second, lease) = (SampleOrders.Placed(), SampleOrders.Placed(), await fixture.LeaseAsync());
        await parts.ApplyAsync(lease, StreamRecords.Insert(first));

        await fixture.ExecuteAsync("TRUNCATE sync.cache_suspensions");
        (await Should.ThrowAsync<PostgresException>(() => parts.ApplyAsync(lease, StreamRecords.Insert(second)))).SqlState.ShouldBe(ReadModelSqlStates.CacheNotSuspended);

        // Tried again, as the consumer does, it is suspended anew first.
        await parts.ApplyAsync(lease, StreamRecords.Insert(second));
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.cache_suspensions WHERE is_settled")).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_committed_that_was_announced_to_a_redis_which_was_emptied_since()
    {
        await using var parts = fixture.Build();
        await TurnAsync(parts);
        var (order, lease) = (SampleOrders.Placed(), await fixture.LeaseAsync());
        await fixture.ExecuteAsync("UPDATE sync.cache_identity SET identity = '2/a/n/other'");

        (await Should.ThrowAsync<PostgresException>(() => parts.ApplyAsync(lease, StreamRecords.Insert(order)))).SqlState.ShouldBe(ReadModelSqlStates.CacheIdentityLost);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", order)).ShouldBe(0);

        await Eventually.HoldsAsync(async () =>
        {
            await parts.ApplyAsync(lease, StreamRecords.Insert(order));
            return true;
        });
        (await fixture.CachedAsync(order.OrderId))["v"].ShouldBe("1");
    }

    [Fact]
    public async Task It_is_not_lifted_while_something_is_listed_or_a_commit_past_redis_is_under_way()
    {
        await using var parts = fixture.Build();
        var time = new ManualTime();
        using var suspension = Suspension(parts, time);
        await IsSettledAsync(suspension);
        time.Advance(OrderCache.SuspensionDelay);
        await IsSettledAsync(suspension);

        await using var connection = await fixture.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var statement in CacheCommit.Past(suspension.Owner, [Guid.CreateVersion7()]).Commands())
        {
            await using var command = new NpgsqlCommand(statement.CommandText, connection);
            foreach (var parameter in statement.Parameters)
            {
                command.Parameters.Add(((NpgsqlParameter)parameter).Clone());
            }

            await command.ExecuteNonQueryAsync();
        }

        var lifting = suspension.TryLiftAsync(CancellationToken.None);
        await Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
        await transaction.CommitAsync();

        (await lifting).ShouldBeFalse();
        await fixture.ExecuteAsync("DELETE FROM sync.cache_repairs");
        (await suspension.TryLiftAsync(CancellationToken.None)).ShouldBeTrue();
        suspension.IsActive.ShouldBeFalse();
    }

    [Fact]
    public async Task One_of_an_instance_that_is_gone_is_lifted_by_others_and_one_of_a_live_instance_is_not()
    {
        await using var parts = fixture.Build();
        await TurnAsync(parts);
        await fixture.ExecuteAsync(
            """
            INSERT INTO sync.instances VALUES ('alive', 'orders', now() + interval '1 hour') ON CONFLICT DO NOTHING;
            INSERT INTO sync.cache_suspensions VALUES ('alive', '', false, true, now() - interval '1 hour'), ('gone', '', false, true, now() - interval '1 hour'), ('just begun', '', false, true, now());
            """);

        await TurnAsync(parts);

        (await fixture.ScalarAsync<string>("SELECT string_agg(owner, ', ' ORDER BY owner) FROM sync.cache_suspensions")).ShouldBe("alive, just begun");
    }

    [Fact]
    public async Task Without_a_redis_of_its_own_an_instance_keeps_readers_from_that_of_others_until_it_is_emptied()
    {
        await using var parts = fixture.Build();
        await TurnAsync(parts);
        var stale = SampleOrders.Placed();
        var lease = await fixture.LeaseAsync();
        await parts.ApplyAsync(lease, StreamRecords.Insert(stale));
        await using (var without = fixture.Build(redis: ""))
        {
            await without.ApplyAsync(lease, StreamRecords.Modify(stale, stale.Next(OrderStatus.Paid)));
        }

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.cache_suspensions WHERE is_settled AND needs_purge")).ShouldBe(1);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.cache_repairs")).ShouldBe(0);

        await fixture.ExecuteAsync("UPDATE sync.cache_suspensions SET suspended_at = now() - interval '1 hour'");
        await TurnAsync(parts);
        await TurnAsync(parts);
        (await fixture.CachedAsync(stale.OrderId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task While_it_or_another_is_seen_an_instance_does_not_give_its_word_for_Redis()
    {
        await using var parts = fixture.Build();
        using var suspension = Suspension(parts, new ManualTime());
        await suspension.TryLiftAsync(CancellationToken.None);
        suspension.AllowsReading.ShouldBeTrue();

        await fixture.ExecuteAsync(
            """
            INSERT INTO sync.instances VALUES ('other', 'orders', now() + interval '1 hour') ON CONFLICT DO NOTHING;
            INSERT INTO sync.cache_suspensions VALUES ('other', '', false, false, now());
            """);
        await suspension.TryLiftAsync(CancellationToken.None);
        suspension.AllowsReading.ShouldBeFalse();

        await fixture.ExecuteAsync("TRUNCATE sync.cache_suspensions");
        await suspension.TryLiftAsync(CancellationToken.None);
        suspension.AllowsReading.ShouldBeTrue();
        await IsSettledAsync(suspension);
        suspension.AllowsReading.ShouldBeFalse();
    }

    private static CacheSuspension Suspension(ProjectionFixture.Parts parts, TimeProvider time) => ActivatorUtilities.CreateInstance<CacheSuspension>(parts.App.Services, time);

    private static Task<bool> IsSettledAsync(CacheSuspension suspension) => suspension.IsSettledAsync("a test", purge: false, CancellationToken.None);

    // Again after a turn in which a store did not answer in time.
    private static Task TurnAsync(ProjectionFixture.Parts parts) =>
        Eventually.HoldsAsync(() => parts.App.Services.GetRequiredService<CacheRepairService>().TurnAsync(CancellationToken.None));
}
