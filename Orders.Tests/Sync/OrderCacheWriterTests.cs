using Microsoft.Extensions.DependencyInjection;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Shouldly;
using StackExchange.Redis;
using Xunit;
using IRedis = Orders.ServiceDefaults.IRedis;

namespace Orders.Tests.Sync;

public sealed class OrderCacheWriterTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private ProjectionFixture.Parts _parts = null!;

    private IDatabase Cache => _parts.App.Services.GetRequiredService<IRedis>().Database!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(fixture.Stores.Redis is null, "no Redis on this machine");
        _parts = fixture.Build();
        await Eventually.HoldsAsync(() => Task.FromResult(Cache is not null));
    }

    public ValueTask DisposeAsync() => _parts?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Orders_of_one_call_are_each_guarded_by_themselves()
    {
        var (unknown, newer, same, older, deleted, resurrected) = (Id(), Id(), Id(), Id(), Id(), Id());
        await WriteAsync(Entry(newer, 1), Entry(same, 2), Entry(older, 10), Entry(deleted, 1), Tombstone(resurrected, 3));

        // 9 is less than 10 as a number, though not as text.
        await WriteAsync(Entry(unknown, 1), Entry(newer, 2), Entry(same, 2, "late"), Entry(older, 9), Tombstone(deleted, 2), Entry(resurrected, 2));

        (await fixture.CachedAsync(unknown)).ShouldBe(Fields(1, "body 1"), ignoreOrder: true);
        (await fixture.CachedAsync(newer)).ShouldBe(Fields(2, "body 2"), ignoreOrder: true);
        (await fixture.CachedAsync(same)).ShouldBe(Fields(2, "body 2"), ignoreOrder: true);
        (await fixture.CachedAsync(older)).ShouldBe(Fields(10, "body 10"), ignoreOrder: true);
        (await fixture.CachedAsync(deleted)).ShouldBe(Fields(2), ignoreOrder: true);
        (await fixture.CachedAsync(resurrected)).ShouldBe(Fields(3), ignoreOrder: true);
        (await LifetimeAsync(newer)).ShouldBeInRange(OrderCache.TombstoneLifetime, OrderCache.OrderLifetime);
        (await LifetimeAsync(deleted)).ShouldBeInRange(TimeSpan.FromSeconds(1), OrderCache.TombstoneLifetime);
    }

    [Fact]
    public async Task More_orders_than_one_call_takes_all_arrive_but_those_that_are_refused()
    {
        const int Count = 2 * GuardedWrites.MostOrders + 1;
        int[] refused = [GuardedWrites.MostOrders - 1, GuardedWrites.MostOrders, Count - 1];
        var orderIds = Enumerable.Range(0, Count).Select(_ => Id()).ToArray();
        await WriteAsync([.. refused.Select(i => Entry(orderIds[i], 7))]);

        var calls = GuardedWrites.Send(Cache, [.. orderIds.Select(orderId => Entry(orderId, 1))]);

        calls.Count.ShouldBe(3);
        await Task.WhenAll(calls);
        for (var i = 0; i < Count; i++)
        {
            (await fixture.CachedAsync(orderIds[i]))["v"].ShouldBe(refused.Contains(i) ? "7" : "1");
        }
    }

    [Fact]
    public async Task An_order_that_fails_keeps_no_other_of_its_call_from_being_written()
    {
        var (before, poisoned, after) = (Id(), Id(), Id());
        await Cache.StringSetAsync(OrderCache.Key(poisoned), "no hash");

        (await TryWriteAsync(Entry(before, 1), Entry(poisoned, 1), Entry(after, 1))).ShouldBeFalse();

        (await fixture.CachedAsync(before))["v"].ShouldBe("1");
        (await fixture.CachedAsync(after))["v"].ShouldBe("1");
        ((string?)await Cache.StringGetAsync(OrderCache.Key(poisoned))).ShouldBe("no hash");
    }

    [Fact]
    public async Task A_version_that_is_no_number_gives_way()
    {
        var orderId = Id();
        await Cache.HashSetAsync(OrderCache.Key(orderId), OrderCache.VersionField, "none");

        await WriteAsync(Entry(orderId, 1), Entry(Id(), 1));

        (await fixture.CachedAsync(orderId)).ShouldBe(Fields(1, "body 1"), ignoreOrder: true);
    }

    [Fact]
    public async Task An_order_is_kept_in_one_piece_by_the_redis_of_orders_local()
    {
        var orderId = Id();

        await WriteAsync(Entry(orderId, 1, new string('b', 4_000)));

        ((string?)await Cache.ExecuteAsync("OBJECT", "ENCODING", OrderCache.Key(orderId))).ShouldBeOneOf("listpack", "ziplist");
    }

    [Fact]
    public void A_call_is_bounded_in_bytes_too_and_takes_at_least_one_order()
    {
        var half = Entry(Id(), 1, new string('b', GuardedWrites.MostBytes / 2));
        var huge = Entry(Id(), 1, new string('b', GuardedWrites.MostBytes + 1));

        GuardedWrites.CountOfCall([half, half, Tombstone(Id(), 1), Entry(Id(), 1)], 64).ShouldBe(3);
        GuardedWrites.CountOfCall([huge, half], 64).ShouldBe(1);
        GuardedWrites.CountOfCall([half, huge], 64).ShouldBe(1);
        GuardedWrites.CountOfCall([half, half], 1).ShouldBe(1);
    }

    private static Guid Id() => Guid.CreateVersion7();

    private static CacheEntry Entry(Guid orderId, long version, string? body = null) =>
        new(orderId, version, "m-1", System.Text.Encoding.UTF8.GetBytes(body ?? $"body {version}"));

    private static CacheEntry Tombstone(Guid orderId, long version) => new(orderId, version, "m-1", null);

    private static Dictionary<string, string> Fields(long version, string? body = null)
    {
        var fields = new Dictionary<string, string> { ["v"] = $"{version}", ["m"] = "m-1" };
        if (body is not null)
        {
            fields["b"] = body;
        }

        return fields;
    }

    private async Task WriteAsync(params CacheEntry[] entries) => (await TryWriteAsync(entries)).ShouldBeTrue();

    private Task<bool> TryWriteAsync(params CacheEntry[] entries) =>
        _parts.App.Services.GetRequiredService<OrderCacheWriter>().TryWriteAsync(entries, CancellationToken.None);

    private async Task<TimeSpan> LifetimeAsync(Guid orderId) => (await Cache.KeyTimeToLiveAsync(OrderCache.Key(orderId)))!.Value;
}
