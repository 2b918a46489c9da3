using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Domain.Cache;
using Orders.Query.Changes;
using Orders.ServiceDefaults.Stores;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using StackExchange.Redis;
using Xunit;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Tests.Query;

public sealed class ChangeFeedStartTests
{
    private static readonly CacheKeys Keys = new("scope");

    [Fact]
    public async Task A_message_is_heard_once_although_an_attempt_to_subscribe_failed_before()
    {
        await using var server = await OwnRedis.StartAsync();
        var address = (IPEndPoint)ConfigurationOptions.Parse(server.Configuration).EndPoints[0];
        await using var gate = new TcpGate($"{address.Address}", address.Port);
        await using var service = await TestService.StartAsync(
            settings: new Dictionary<string, string?> { ["ConnectionStrings:redis"] = $"127.0.0.1:{gate.Port}", ["Logging:LogLevel:Default"] = "Debug" },
            add: builder => builder.AddRedis());
        var redis = service.App.Services.GetRequiredService<IRedis>();
        await Eventually.HoldsAsync(() => Task.FromResult(redis.IsConnected));
        var listener = new Listener();
        using var feed = new ChangeFeed(redis, [listener], () => Keys, TimeProvider.System, service.App.Services.GetRequiredService<ILogger<ChangeFeed>>());

        gate.Stall();
        await feed.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => Task.FromResult(service.Logs.All.Any(entry => entry.Contains("Not subscribed", StringComparison.Ordinal))));
        gate.Resume();
        using var publisher = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var last = 0;
        await Eventually.HoldsAsync(async () =>
        {
            await publisher.GetSubscriber().PublishAsync(RedisChannel.Literal(Keys.Changes), $"{Guid.Empty} {++last} m placed\n");
            return listener.Heard.Contains(last);
        });

        listener.Heard.ShouldBeUnique();
        await feed.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Who_gets_another_read_model_hears_its_changes_and_no_longer_those_of_the_former()
    {
        await using var server = await OwnRedis.StartAsync();
        await using var service = await TestService.StartAsync(
            settings: new Dictionary<string, string?> { ["ConnectionStrings:redis"] = server.Configuration }, add: builder => builder.AddRedis());
        var redis = service.App.Services.GetRequiredService<IRedis>();
        var (listener, keys, other) = (new Listener(), Keys, new CacheKeys("other"));
        using var feed = new ChangeFeed(redis, [listener], () => keys, TimeProvider.System, service.App.Services.GetRequiredService<ILogger<ChangeFeed>>());
        await feed.StartAsync(CancellationToken.None);
        using var publisher = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        await HeardAsync(Keys, 1);

        (await PublishAsync(other, 2)).ShouldBe(0);
        keys = other;
        await HeardAsync(other, 3);
        await Eventually.HoldsAsync(async () => await PublishAsync(Keys, 4) == 0);

        listener.Heard.ShouldNotContain(2);
        await feed.StopAsync(CancellationToken.None);

        Task HeardAsync(CacheKeys of, long version) => Eventually.HoldsAsync(async () => await PublishAsync(of, version) > 0 && listener.Heard.Contains(version));

        Task<long> PublishAsync(CacheKeys of, long version) => publisher.GetSubscriber().PublishAsync(RedisChannel.Literal(of.Changes), $"{Guid.Empty} {version} m placed\n");
    }

    private sealed class Listener : IChangeListener
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<long> _heard = new();

        public IReadOnlyCollection<long> Heard => [.. _heard];

        public bool IsIdle => false;

        public void OnChange(ChangeMessage change) => _heard.Enqueue(change.Version);
    }
}
