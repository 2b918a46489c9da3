using Microsoft.Extensions.DependencyInjection;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Shouldly;
using StackExchange.Redis;
using Xunit;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Tests.Sync.Cache;

public sealed class CacheScriptsTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private readonly Guid _orderId = Guid.CreateVersion7();
    private ProjectionFixture.Parts _parts = null!;

    private IDatabase Cache => _parts.App.Services.GetRequiredService<IRedis>().Database!;

    private RedisKey Key => fixture.Keys.Order(_orderId);

    private const string Filling = "2";
    private const string LaterFilling = "3";
    private const string Keeper = "may-not-delete";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(fixture.Stores.Redis is null, "no Redis on this machine");
        _parts = fixture.Build();
        await Eventually.HoldsAsync(() => Task.FromResult(Cache is not null));
    }

    public ValueTask DisposeAsync() => _parts?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task An_announced_change_takes_the_old_version_away_and_its_completion_brings_the_new_one()
    {
        await PutAsync(1);

        await AnnounceAsync("ticket", 2);
        (await StateAsync()).ShouldBe("announced 2");
        await CompleteAsync("ticket", 2);

        (await StateAsync()).ShouldBe("2");
        (await Cache.KeyTimeToLiveAsync(Key))!.Value.ShouldBeInRange(OrderCache.TombstoneLifetime, OrderCache.OrderLifetime);
    }

    [Fact]
    public async Task What_was_written_for_an_earlier_filling_gives_way_to_a_reader_of_the_later_one()
    {
        await PutAsync(1);

        ((string?)await LookAsync("reader", LaterFilling)).ShouldBe("reader");
        (await StateAsync()).ShouldBe("asked for");
    }

    [Theory]
    [InlineData("an order", "1")]
    [InlineData("announced", "announced 2")]
    [InlineData("asked for", "asked for")]
    public async Task A_reader_and_a_completion_that_come_late_leave_what_is_of_a_later_filling_alone(string what, string expected)
    {
        await AnnounceAsync("late", 9);
        if (what == "asked for")
        {
            await LookAsync("reader", LaterFilling);
        }
        else
        {
            await Task.WhenAll(CacheCalls.Announce(Cache, fixture.Keys, "later", LaterFilling, [(_orderId, "2")]));
        }

        if (what == "an order")
        {
            await Task.WhenAll(CacheCalls.Complete(Cache, fixture.Keys, "later", LaterFilling, [new CacheEntry(_orderId, 1, "m-1", [1])]));
        }

        (await LookAsync("late reader")).IsNull.ShouldBeTrue();
        await CompleteAsync("late", 9);

        (await StateAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task What_a_writer_brings_that_does_not_know_of_the_later_filling_is_nothing_to_its_readers()
    {
        await Task.WhenAll(CacheCalls.Announce(Cache, fixture.Keys, "later", LaterFilling, [(_orderId, "2")]));
        await Task.WhenAll(CacheCalls.Complete(Cache, fixture.Keys, "later", LaterFilling, [new CacheEntry(_orderId, 2, "m-1", [1])]));
        await PutAsync(1);

        ((string?)await LookAsync("reader", LaterFilling)).ShouldBe("reader");
        (await StateAsync()).ShouldBe("asked for");
    }

    [Fact]
    public async Task A_user_who_may_not_delete_announces_nothing()
    {
        await PutAsync(1);
        // A user of its own: the others of this Redis belong to tests that run beside this one.
        var server = Cache.Multiplexer.GetServer(Cache.Multiplexer.GetEndPoints()[0]);
        await server.ExecuteAsync("ACL", "SETUSER", Keeper, "on", $">{Keeper}", "~*", "&*", "+@all", "-del");
        var options = ConfigurationOptions.Parse(fixture.Stores.Redis!);
        (options.User, options.Password) = (Keeper, Keeper);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options);

        await Should.ThrowAsync<RedisServerException>(() => Task.WhenAll(CacheCalls.Announce(redis.GetDatabase(), fixture.Keys, "ticket", Filling, [(_orderId, "2")])));

        (await StateAsync()).ShouldBe("1");
    }

    [Fact]
    public async Task A_deletion_leaves_a_tombstone()
    {
        await AnnounceAsync("ticket", 2);
        await Task.WhenAll(CacheCalls.Complete(Cache, fixture.Keys, "ticket", Filling, [new CacheEntry(_orderId, 2, "m-1", null)]));

        (await fixture.CachedAsync(_orderId)).ShouldBe(new Dictionary<string, string> { ["v"] = "2", ["m"] = "m-1", ["f"] = Filling }, ignoreOrder: true);
        (await Cache.KeyTimeToLiveAsync(Key))!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), OrderCache.TombstoneLifetime);
    }

    [Theory]
    [InlineData("evicted or flushed", "nothing")]
    [InlineData("completed by another", "nothing")]
    [InlineData("announced by another", "announced 3")]
    [InlineData("read again by a reader", "nothing")]
    [InlineData("asked for by a reader", "nothing")]
    public async Task A_completion_that_comes_late_writes_nothing(string meanwhile, string expected)
    {
        await AnnounceAsync("late", 2);
        await (meanwhile switch
        {
            "evicted or flushed" => Cache.KeyDeleteAsync(Key),
            "completed by another" => PutAsync(3),
            "announced by another" => AnnounceAsync("other", 3),
            "read again by a reader" => ReadAgainAsync(),
            _ => AskAsync(),
        });

        await CompleteAsync("late", 2);

        // What a reader brings, or is about to bring, may be from before the commit.
        (await StateAsync()).ShouldBe(expected);

        async Task ReadAgainAsync()
        {
            await Cache.KeyDeleteAsync(Key);
            await FillAsync(await LookAsync("reader"), 1);
        }

        async Task AskAsync()
        {
            await Cache.KeyDeleteAsync(Key);
            await LookAsync("reader");
        }
    }

    [Fact]
    public async Task A_reader_fills_what_is_not_there()
    {
        var ticket = await LookAsync("reader");
        await FillAsync(ticket, 1);

        (await StateAsync()).ShouldBe("1");
        (await Cache.KeyTimeToLiveAsync(Key))!.Value.ShouldBeLessThanOrEqualTo(OrderCache.FillLifetime);
    }

    [Fact]
    public async Task A_reader_leaves_its_ticket_only_where_nothing_is()
    {
        await PutAsync(1);
        (await LookAsync("reader")).IsNull.ShouldBeTrue();
        (await StateAsync()).ShouldBe("1");

        await AnnounceAsync("ticket", 2);
        ((string?)await LookAsync("reader")).ShouldBe("ticket");
        await CompleteAsync("ticket", 2);
        (await StateAsync()).ShouldBe("2");
    }

    [Theory]
    [InlineData("evicted or flushed", "nothing")]
    [InlineData("a change", "2")]
    [InlineData("a change that is announced", "announced 2")]
    [InlineData("a change that was evicted again", "nothing")]
    [InlineData("another reader", "2")]
    public async Task A_reader_that_comes_late_fills_nothing(string meanwhile, string expected)
    {
        var ticket = await LookAsync("late");
        switch (meanwhile)
        {
            case "evicted or flushed":
                await Cache.KeyDeleteAsync(Key);
                break;
            case "another reader":
                await Cache.KeyDeleteAsync(Key);
                await FillAsync(await LookAsync("other"), 2);
                break;
            default:
                await AnnounceAsync("ticket", 2);
                if (meanwhile != "a change that is announced")
                {
                    await CompleteAsync("ticket", 2);
                }

                if (meanwhile == "a change that was evicted again")
                {
                    await Cache.KeyDeleteAsync(Key);
                }

                break;
        }

        await FillAsync(ticket, 1);

        (await StateAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task While_a_change_is_announced_a_reader_fills_nothing_but_that_very_version()
    {
        await PutAsync(1);
        await AnnounceAsync("ticket", 2);

        var ticket = await LookAsync("reader");
        await FillAsync(ticket, 1);
        (await StateAsync()).ShouldBe("announced 2");
        await FillAsync(ticket, 3);
        (await StateAsync()).ShouldBe("announced 2");

        await FillAsync(ticket, 2);
        (await StateAsync()).ShouldBe("2");
    }

    [Fact]
    public async Task An_announcement_that_names_no_version_lets_no_reader_fill()
    {
        await Task.WhenAll(CacheCalls.Announce(Cache, fixture.Keys, "ticket", Filling, [(_orderId, "-")]));
        var ticket = await LookAsync("reader");

        await FillAsync(ticket, 1);

        (await fixture.CachedAsync(_orderId)).ShouldNotContainKey("m");
    }

    [Fact]
    public async Task A_reader_gives_back_its_ticket_for_an_order_that_is_nowhere_and_not_a_changes()
    {
        var ticket = await LookAsync("reader");
        await GiveBackAsync(ticket);
        (await StateAsync()).ShouldBe("nothing");

        await AnnounceAsync("ticket", 1);
        await GiveBackAsync(await LookAsync("reader"));
        (await StateAsync()).ShouldBe("announced 1");

        Task GiveBackAsync(RedisValue given) => Cache.ScriptEvaluateAsync(CacheScripts.GiveBack, [Key], [given]);
    }

    [Theory]
    [InlineData(false, "nothing")]
    [InlineData(true, "announced 2")]
    public async Task What_is_invalidated_goes_but_for_an_announced_change(bool isAnnounced, string expected)
    {
        await PutAsync(1);
        if (isAnnounced)
        {
            await AnnounceAsync("ticket", 2);
        }

        await Cache.ScriptEvaluateAsync(CacheScripts.Invalidate, [Key]);

        (await StateAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task What_is_mended_is_gone_and_neither_a_late_completion_nor_a_late_fill_brings_anything_back()
    {
        await PutAsync(1);
        await MendAsync();
        (await StateAsync()).ShouldBe("nothing");

        await AnnounceAsync("ticket", 2);
        var ticket = await LookAsync("reader");
        await MendAsync();
        await CompleteAsync("ticket", 2);
        await Cache.ScriptEvaluateAsync(CacheScripts.Fill, [Key], [ticket, 2, "merchant", "{}", 60, Filling]);
        await Cache.ScriptEvaluateAsync(CacheScripts.Fill, [Key], [await LookAsync("reader"), 1, "merchant", "{}", 60, Filling]);
        (await StateAsync()).ShouldBe("announced -");

        // The next change is as any.
        await AnnounceAsync("another", 3);
        await CompleteAsync("another", 3);
        (await StateAsync()).ShouldBe("3");

        Task MendAsync() => Task.WhenAll(CacheCalls.InvalidateAndFence(Cache, fixture.Keys, "nobody", [_orderId]));
    }

    [Fact]
    public async Task An_announcement_is_withdrawn_by_its_own_ticket_alone()
    {
        await AnnounceAsync("ticket", 2);
        await Task.WhenAll(CacheCalls.Withdraw(Cache, fixture.Keys, "another", [_orderId]));
        (await StateAsync()).ShouldBe("announced 2");

        await Task.WhenAll(CacheCalls.Withdraw(Cache, fixture.Keys, "ticket", [_orderId]));
        (await StateAsync()).ShouldBe("nothing");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_entry_that_the_stream_and_a_look_at_the_table_announce_is_written_by_nobody_and_goes_with_the_last(bool lookIsFirst, bool lookEndsFirst)
    {
        await PutAsync(1);
        await AnnounceAsync(lookIsFirst ? "+look" : "stream", lookIsFirst ? 3 : 2);
        await AnnounceAsync(lookIsFirst ? "stream" : "+look", lookIsFirst ? 2 : 3);

        // The stream's change is committed: of its version or any other a reader brings nothing while the
        // look goes on.
        await FillAsync(await LookAsync("reader"), 2);
        (await StateAsync()).ShouldBe("announced -");
        await CompleteAsync(lookEndsFirst ? "+look" : "stream", 2);
        await FillAsync(await LookAsync("reader"), 2);
        (await StateAsync()).ShouldBe("announced -");

        await CompleteAsync(lookEndsFirst ? "stream" : "+look", 3);
        (await StateAsync()).ShouldBe("nothing");
    }

    [Fact]
    public async Task Two_looks_share_an_entry_and_one_that_comes_to_nothing_leaves_it_to_the_other()
    {
        await AnnounceAsync("+one", 2);
        await AnnounceAsync("+two", 2);

        await Task.WhenAll(CacheCalls.Withdraw(Cache, fixture.Keys, "+two", [_orderId]));
        (await StateAsync()).ShouldBe("announced -");
        await CompleteAsync("+one", 2);

        (await StateAsync()).ShouldBe("nothing");
    }

    [Fact]
    public async Task The_streams_next_announcement_follows_its_last_and_is_as_any_once_the_look_has_ended()
    {
        await AnnounceAsync("+look", 2);
        await AnnounceAsync("stream", 2);
        await CompleteAsync("+look", 2);
        await AnnounceAsync("next", 3);
        (await StateAsync()).ShouldBe("announced 3");
        await CompleteAsync("stream", 2);
        await CompleteAsync("next", 3);

        (await StateAsync()).ShouldBe("3");
    }

    [Fact]
    public async Task A_fence_keeps_a_look_in_mind_that_is_under_way()
    {
        await AnnounceAsync("+look", 2);
        await Task.WhenAll(CacheCalls.InvalidateAndFence(Cache, fixture.Keys, "nobody", [_orderId]));
        await AnnounceAsync("stream", 3);

        await CompleteAsync("stream", 3);
        (await StateAsync()).ShouldBe("announced -");
        await CompleteAsync("+look", 2);
        (await StateAsync()).ShouldBe("nothing");
    }

    [Fact]
    public async Task A_look_that_never_ends_is_passed_over_before_its_time_is_up()
    {
        await AnnounceAsync("+dead", 2);
        var ends = (await Cache.KeyTimeToLiveAsync(Key))!.Value;
        await AnnounceAsync("stream", 3);
        await CompleteAsync("stream", 3);
        (await StateAsync()).ShouldBe("announced -");
        (await Cache.KeyTimeToLiveAsync(Key))!.Value.ShouldBeLessThanOrEqualTo(ends);

        await Cache.KeyExpireAsync(Key, (OrderCache.AnnouncementLifetime / 5) - TimeSpan.FromSeconds(1));
        await AnnounceAsync("next", 4);
        await CompleteAsync("next", 4);

        (await StateAsync()).ShouldBe("4");
    }

    [Fact]
    public async Task Whatever_else_is_under_the_key_gives_way()
    {
        await Cache.StringSetAsync(Key, "no hash");

        await AnnounceAsync("ticket", 1);
        await CompleteAsync("ticket", 1);

        (await StateAsync()).ShouldBe("1");
    }

    [Fact]
    public async Task More_orders_than_one_call_takes_all_arrive()
    {
        const int Count = (2 * CacheCalls.MaxOrders) + 1;
        var orderIds = Enumerable.Range(0, Count).Select(_ => Guid.CreateVersion7()).ToArray();

        var announced = CacheCalls.Announce(Cache, fixture.Keys, "ticket", Filling, [.. orderIds.Select(orderId => (orderId, "1"))]);
        await Task.WhenAll(announced);
        var completed = CacheCalls.Complete(Cache, fixture.Keys, "ticket", Filling, [.. orderIds.Select(orderId => new CacheEntry(orderId, 1, "m-1", [1]))]);
        await Task.WhenAll(completed);

        (announced.Count, completed.Count).ShouldBe((3, 3));
        foreach (var orderId in orderIds)
        {
            (await fixture.CachedAsync(orderId)).Keys.ShouldBe(["v", "m", "f", "b"], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task An_order_is_kept_in_one_piece_by_the_redis_of_orders_local()
    {
        await AnnounceAsync("ticket", 1);
        await Task.WhenAll(CacheCalls.Complete(Cache, fixture.Keys, "ticket", Filling, [new CacheEntry(_orderId, 1, "m-1", new byte[4_000])]));

        ((string?)await Cache.ExecuteAsync("OBJECT", "ENCODING", Key)).ShouldBeOneOf("listpack", "ziplist");
    }

    [Fact]
    public void A_call_is_bounded_in_bytes_too_and_takes_at_least_one_order()
    {
        var half = Entry(new byte[CacheCalls.MaxBytes / 2]);
        var huge = Entry(new byte[CacheCalls.MaxBytes + 1]);

        CacheCalls.CountOfCall([half, half, Entry(null), Entry([1])], 64).ShouldBe(3);
        CacheCalls.CountOfCall([huge, half], 64).ShouldBe(1);
        CacheCalls.CountOfCall([half, huge], 64).ShouldBe(1);
        CacheCalls.CountOfCall([half, half], 1).ShouldBe(1);

        static CacheEntry Entry(byte[]? body) => new(Guid.CreateVersion7(), 1, "m-1", body);
    }

    private Task AnnounceAsync(string ticket, long version) => Task.WhenAll(CacheCalls.Announce(Cache, fixture.Keys, ticket, Filling, [(_orderId, $"{version}")]));

    private Task CompleteAsync(string ticket, long version) => Task.WhenAll(CacheCalls.Complete(Cache, fixture.Keys, ticket, Filling, [new CacheEntry(_orderId, version, "m-1", [1])]));

    private async Task PutAsync(long version)
    {
        await AnnounceAsync("setup", version);
        await CompleteAsync("setup", version);
    }

    private async Task<RedisValue> LookAsync(string ticket, string filling = Filling) =>
        ((RedisValue[])(await Cache.ScriptEvaluateAsync(CacheScripts.Look, [Key], [ticket, 60_000, filling]))!)[3];

    private Task<RedisResult> FillAsync(RedisValue ticket, long version) => Cache.ScriptEvaluateAsync(CacheScripts.Fill, [Key], [ticket, version, "m-1", "body", 60, Filling]);

    private async Task<string> StateAsync()
    {
        var fields = await fixture.CachedAsync(_orderId);
        return fields switch
        {
            { Count: 0 } => "nothing",
            _ when fields.ContainsKey("t") => fields.TryGetValue("v", out var announced) ? $"announced {announced}" : "asked for",
            _ => fields["v"],
        };
    }
}
