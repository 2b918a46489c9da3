using System.Text;
using Orders.Domain.Cache;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Simulation;

/// <summary>
/// The product's scripts do on the modelled Redis what CacheScriptsTests say that they do on a real one.
/// </summary>
public sealed class LuaHostTests : IDisposable
{
    private const string Filling = "1";

    private const string Key = "orders:s:order:1";

    private readonly World _world = new(seed: 1, Repair.None);

    [Fact]
    public void A_change_is_announced_and_completed()
    {
        Announce("t1", "2").ShouldBe(1);
        Fields().ShouldBe("f=1 t=t1 v=2");

        Complete("t1", "2", "{}").ShouldBe(1);

        Fields().ShouldBe("b={} f=1 m=merchant v=2");
    }

    [Fact]
    public void A_completion_whose_ticket_is_gone_writes_nothing()
    {
        Announce("t1", "2");
        Announce("t2", "3");

        Complete("t1", "2", "{}").ShouldBe(0);

        Fields().ShouldBe("f=1 t=t2 v=3");
    }

    [Fact]
    public void A_reader_fills_only_where_its_ticket_is()
    {
        var look = (RedisValue[]?)Run(CacheScripts.Look, "r1", 5000, Filling);
        look.ShouldNotBeNull();
        ((string?)look[3]).ShouldBe("r1");

        ((int)Run(CacheScripts.Fill, "r2", 1, "merchant", "{}", 300, Filling)).ShouldBe(0);
        ((int)Run(CacheScripts.Fill, "r1", 1, "merchant", "{}", 300, Filling)).ShouldBe(1);

        Fields().ShouldBe("b={} f=1 m=merchant v=1");
    }

    [Fact]
    public void An_announced_change_lets_in_its_own_version_and_is_not_invalidated()
    {
        Announce("t1", "2");

        ((int)Run(CacheScripts.Fill, "t1", 1, "merchant", "{}", 300, Filling)).ShouldBe(0);
        ((int)Run(CacheScripts.Invalidate)).ShouldBe(0);
        ((int)Run(CacheScripts.Withdraw, "t1")).ShouldBe(1);

        Fields().ShouldBe("");
    }

    [Fact]
    public void What_Redis_refuses_comes_out_as_its_error()
    {
        _world.Redis.IsFull = true;

        Should.Throw<RedisServerException>(() => Announce("t1", "2")).Message.ShouldStartWith("OOM");
        Should.Throw<RedisServerException>(() => Run(CacheScripts.Look, "r1", 5000, Filling)).Message.ShouldStartWith("OOM");
    }

    [Fact]
    public void An_entry_runs_out()
    {
        Announce("t1", "2");

        _world.Queue.RunUntil(OrderCache.AnnouncementLifetime + TimeSpan.FromSeconds(1));

        Fields().ShouldBe("");
    }

    public void Dispose() => _world.Dispose();

    private int Announce(string ticket, string version) => (int)Run(CacheScripts.Announce, ticket, (long)OrderCache.AnnouncementLifetime.TotalSeconds, Filling, version);

    private int Complete(string ticket, string version, string body) => (int)Run(CacheScripts.Complete, ticket, Filling, version, "merchant", body, 3600, version);

    private RedisResult Run(string script, params RedisValue[] values) => _world.Redis.Run(script, [Key], values);

    private string Fields()
    {
        var pairs = (byte[][])_world.Redis.Call("HGETALL", [Encoding.UTF8.GetBytes(Key)])!;
        return string.Join(' ', pairs.Chunk(2).Select(pair => $"{Encoding.UTF8.GetString(pair[0])}={Encoding.UTF8.GetString(pair[1])}").Order(StringComparer.Ordinal));
    }
}
