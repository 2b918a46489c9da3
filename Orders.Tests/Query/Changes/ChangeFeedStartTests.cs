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
        using var feed = new ChangeFeed(redis, [listener], TimeProvider.System, service.App.Services.GetRequiredService<ILogger<ChangeFeed>>());

        gate.Stall();
        await feed.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => Task.FromResult(service.Logs.All.Any(entry => entry.Contains("Not subscribed", StringComparison.Ordinal))));
        gate.Resume();
        using var publisher = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var last = 0;
        await Eventually.HoldsAsync(async () =>
        {
            await publisher.GetSubscriber().PublishAsync(RedisChannel.Literal(OrderCache.Changes), $"{Guid.Empty} {++last} m placed\n");
            return feed.ExecuteTask!.IsCompleted && listener.Heard.Contains(last);
        });

        listener.Heard.ShouldBeUnique();
        await feed.StopAsync(CancellationToken.None);
    }

    private sealed class Listener : IChangeListener
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<long> _heard = new();

        public IReadOnlyCollection<long> Heard => [.. _heard];

        public bool IsIdle => false;

        public void OnChange(ChangeMessage change) => _heard.Enqueue(change.Version);
    }
}
