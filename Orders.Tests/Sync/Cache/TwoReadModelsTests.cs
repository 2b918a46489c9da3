using DynamoStreams.Api;
using DynamoStreams.Leases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Orders.Tests.Engines;
using Orders.Tests.Query;
using Shouldly;
using StackExchange.Redis;
using Xunit;
using Order = Orders.Domain.Order;

namespace Orders.Tests.Sync.Cache;

/// <summary>
/// Two read models of one table are given one Redis by mistake. Readers of neither get what the other one
/// has.
/// </summary>
public sealed class TwoReadModelsTests(TestEngines engines) : IAsyncLifetime
{
    private OwnRedis _redis = null!;
    private ConnectionMultiplexer _connection = null!;
    private ProjectionFixture _ahead = null!;
    private ProjectionFixture _behind = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await OwnRedis.StartAsync();
        _connection = await ConnectionMultiplexer.ConnectAsync(_redis.Configuration);
        (_ahead, _behind) = (new(engines), new(engines));
        await _ahead.InitializeAsync();
        await _behind.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Who_was_frozen_while_the_other_took_Redis_over_writes_nothing_that_its_readers_take()
    {
        await using var behind = _behind.Build(_redis.Configuration);
        await using var ahead = _ahead.Build(_redis.Configuration);
        var (lease, order) = (await _behind.LeaseAsync(), SampleOrders.Placed());
        using (var frozen = new CancellationTokenSource())
        {
            _ = Repair(behind).RunAsync(frozen.Token);
            await Eventually.HoldsAsync(async () => await HolderAsync() == await FeedAsync(_behind));
            await behind.ApplyAsync(lease, StreamRecords.Insert(SampleOrders.Placed()));
            await frozen.CancelAsync();
        }

        using var stop = new CancellationTokenSource();
        _ = Repair(ahead).RunAsync(stop.Token);
        await Eventually.HoldsAsync(async () => await HolderAsync() == await FeedAsync(_ahead));
        await ahead.ApplyAsync(await _ahead.LeaseAsync(), StreamRecords.Insert(order), StreamRecords.Modify(order, order.Next(OrderStatus.Paid)));
        await using var service = await ServeAsync();
        await Eventually.HoldsAsync(async () => await AskAsync(service, order) == "redis \"2\"");
        await _connection.GetDatabase().KeyDeleteAsync(OrderCache.Key(order.OrderId));

        await ApplyAsync(behind, lease, StreamRecords.Insert(order));

        for (var reads = 0; reads < 4; reads++)
        {
            (await AskAsync(service, order)).ShouldEndWith("\"2\"");
        }

        await stop.CancelAsync();
    }

    [Fact]
    public async Task After_a_flush_neither_gets_what_the_other_has()
    {
        await using var behind = _behind.Build(_redis.Configuration);
        await using var ahead = _ahead.Build(_redis.Configuration);
        var (lease, orders) = (await _behind.LeaseAsync(), Enumerable.Range(0, 200).Select(_ => SampleOrders.Placed()).ToList());
        using var stop = new CancellationTokenSource();
        _ = Repair(behind).RunAsync(stop.Token);
        await Eventually.HoldsAsync(async () => await HolderAsync() == await FeedAsync(_behind));
        _ = Repair(ahead).RunAsync(stop.Token);
        await ahead.ApplyAsync(await _ahead.LeaseAsync(), [.. orders.Select(StreamRecords.Insert), .. orders.Select(order => StreamRecords.Modify(order, order.Next(OrderStatus.Paid)))]);
        await using var service = await ServeAsync();

        var applying = Task.Run(async () =>
        {
            foreach (var order in orders)
            {
                await ApplyAsync(behind, lease, StreamRecords.Insert(order));
            }
        });
        await Eventually.HoldsAsync(async () => await _behind.ScalarAsync<int>("SELECT count(*) FROM orders") > 20);
        await _redis.FlushAsync();
        await applying;
        await Eventually.HoldsAsync(async () => await HolderAsync() is not null);
        await Task.Delay(2 * OrderCache.TrustLifetime, CancellationToken.None);

        foreach (var order in orders)
        {
            (await AskAsync(service, order)).ShouldEndWith("\"2\"");
        }

        await stop.CancelAsync();
    }

    // As the consumer does: a commit that is refused as no longer safe is begun anew.
    private static Task ApplyAsync(ProjectionFixture.Parts parts, ShardLease lease, StreamRecord record) => Eventually.HoldsAsync(async () =>
    {
        try
        {
            await parts.ApplyAsync(lease, record);
            return true;
        }
        catch (PostgresException refusal) when (CacheCommit.IsRefusal(refusal))
        {
            return false;
        }
    });

    private static CacheRepairService Repair(ProjectionFixture.Parts parts) => parts.App.Services.GetServices<IHostedService>().OfType<CacheRepairService>().Single();

    private static Task<string> FeedAsync(ProjectionFixture fixture) => fixture.ScalarAsync<string>("SELECT feed_id FROM sync.change_feed");

    private static async Task<string> AskAsync(QueryService service, Order order)
    {
        using var answer = await service.Client.GetAsync($"/v1/orders/{order.OrderId}");
        return $"{(answer.Headers.TryGetValues("X-Served-By", out var by) ? by.Single() : "none")} {answer.Headers.ETag?.Tag}";
    }

    private async Task<QueryService> ServeAsync()
    {
        var settings = _ahead.Stores.Settings;
        settings["ConnectionStrings:redis"] = _redis.Configuration;
        return await QueryService.StartAsync(settings);
    }

    private async Task<string?> HolderAsync() => CacheIdentity.Parse((string?)await _connection.GetDatabase().StringGetAsync(OrderCache.Identity))?.ReadModel;
}
