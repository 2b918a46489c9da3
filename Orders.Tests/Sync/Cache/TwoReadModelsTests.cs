using DynamoStreams.Api;
using DynamoStreams.Leases;
using Microsoft.Extensions.DependencyInjection;
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
/// Two read models of one table share one Redis. Each has its own orders there, and readers of neither get
/// what the other one has.
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
    public async Task Both_are_filled_and_a_purge_of_one_leaves_the_other()
    {
        await using var behind = _behind.Build(_redis.Configuration);
        await using var ahead = _ahead.Build(_redis.Configuration);
        var order = SampleOrders.Placed();
        using var stop = new CancellationTokenSource();
        _ = Repair(behind).RunAsync(stop.Token);
        _ = Repair(ahead).RunAsync(stop.Token);
        await Eventually.HoldsAsync(async () => await HasAsync(_behind) && await HasAsync(_ahead));
        var lease = await _behind.LeaseAsync();
        await ahead.ApplyAsync(await _ahead.LeaseAsync(), StreamRecords.Insert(order), StreamRecords.Modify(order, order.Next(OrderStatus.Paid)));
        await ApplyAsync(behind, lease, StreamRecords.Insert(order));
        await using var service = await ServeAsync();
        await Eventually.HoldsAsync(async () => await AskAsync(service, order) == "redis \"2\"");
        (await VersionAsync(_behind, order)).ShouldBe(1);

        await _behind.ExecuteAsync("DELETE FROM sync.cache_identity");
        await Eventually.HoldsAsync(async () => await VersionAsync(_behind, order) is null);

        (await VersionAsync(_ahead, order)).ShouldBe(2);
        (await AskAsync(service, order)).ShouldEndWith("\"2\"");
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
        await Eventually.HoldsAsync(() => HasAsync(_behind));
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
        await Eventually.HoldsAsync(async () => await HasAsync(_behind) && await HasAsync(_ahead));
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

    private static CacheRepairService Repair(ProjectionFixture.Parts parts) => parts.App.Services.GetRequiredService<CacheRepairService>();

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

    private Task<bool> HasAsync(ProjectionFixture fixture) => _connection.GetDatabase().KeyExistsAsync(fixture.Keys.Identity);

    private async Task<long?> VersionAsync(ProjectionFixture fixture, Order order) =>
        (long?)await _connection.GetDatabase().HashGetAsync(fixture.Keys.Order(order.OrderId), OrderCache.VersionField);
}
