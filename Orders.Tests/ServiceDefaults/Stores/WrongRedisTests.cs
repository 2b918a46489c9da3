using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Redis;
using Orders.ServiceDefaults.Stores;
using Orders.Tests.Engines;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

/// <summary>
/// A Redis that is set up wrongly is said to be, in the log of the start and in readiness, and never called
/// away. Nothing stops for it: it is a cache.
/// </summary>
public sealed class WrongRedisTests : IAsyncLifetime
{
    private DataFolder _data = null!;
    private RedisEngine? _engine;
    private ConnectionMultiplexer _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _data = await DataFolder.OpenTemporaryAsync(CancellationToken.None);
        var options = new EngineOptions { Durable = false };
        _engine = await RedisEngine.StartAsync(new EngineFinder(options, new Steps()), _data, options, new Steps(), CancellationToken.None);
        Assert.SkipWhen(_engine is null, "no Redis on this machine");
        _admin = await ConnectionMultiplexer.ConnectAsync($"{_engine.Configuration},allowAdmin=true");
    }

    [Theory]
    [InlineData("password=wrong", "refuses the password")]
    [InlineData("", "refuses the password")]
    [InlineData("user=limited,password=limited", "denies its user a command")]
    [InlineData("user=elsewhere,password=elsewhere", "denies its user a command")]
    public async Task A_wrong_password_and_a_missing_right_are_said(string sign, string words)
    {
        await ExecuteAsync("ACL", "SETUSER", "limited", "on", ">limited", "~*", "&*", "+@read", "+@connection", "+info", "+echo", "+cluster", "+config");
        await ExecuteAsync("ACL", "SETUSER", "elsewhere", "on", ">elsewhere", "~other:*", "&*", "+@all");
        await ExecuteAsync("CONFIG", "SET", "requirepass", "right");

        await SaysAsync(sign, words);
    }

    [Fact]
    public async Task A_replica_is_said_to_be_one()
    {
        // Of a primary that is not there: it takes no writes all the same.
        await ExecuteAsync("REPLICAOF", "127.0.0.1", "1");

        await SaysAsync("", "name the primary");
    }

    [Fact]
    public Task A_database_that_it_does_not_have_is_said() => SaysAsync("defaultDatabase=99", "mend defaultDatabase");

    [Fact]
    public async Task One_that_is_as_it_must_be_is_healthy()
    {
        await using var service = await StartAsync("");

        await Eventually.HoldsAsync(async () => await WrongPostgresTests.DescriptionAsync(service.Anonymous, "redis") == "answers");
        service.Logs.All.ShouldNotContain(line => line.Contains("ConnectionStrings__redis"));
        (await _admin.GetDatabase().KeyExistsAsync("orders:probe")).ShouldBeFalse();
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _admin.DisposeAsync();
            await _engine.DisposeAsync();
        }

        _data.Dispose();
    }

    private async Task SaysAsync(string sign, string words)
    {
        await using var service = await StartAsync(sign);

        await Eventually.HoldsAsync(async () => (await WrongPostgresTests.DescriptionAsync(service.Anonymous, "redis"))!.Contains(words, StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => Task.FromResult(service.Logs.All.Any(line => line.Contains($"ConnectionStrings__redis: Redis {words}", StringComparison.Ordinal)
            || (line.Contains("ConnectionStrings__redis", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal)))));
        (await service.Anonymous.GetAsync("/health/ready")).IsSuccessStatusCode.ShouldBeTrue();
    }

    private Task<TestService> StartAsync(string sign) => TestService.StartAsync(
        settings: new Dictionary<string, string?> { ["ConnectionStrings:redis"] = $"{_engine!.Configuration}{(sign.Length > 0 ? "," : "")}{sign}" },
        add: builder => builder.AddRedis());

    private Task<RedisResult> ExecuteAsync(string command, params object[] arguments) => _admin.GetServers()[0].ExecuteAsync(command, arguments);
}
