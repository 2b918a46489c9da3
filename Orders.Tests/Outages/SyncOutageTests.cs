using System.Net;
using Amazon.DynamoDBv2;
using Microsoft.AspNetCore.Builder;
using Orders.Domain.Item;
using Orders.Sync;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;
using Order = Orders.Domain.Order;

namespace Orders.Tests.Outages;

public sealed class SyncOutageTests(TestEngines engines, SyncOutageTests.Runs runs) : OutageTests, IClassFixture<SyncOutageTests.Runs>
{
    private const string Service = "Orders.Sync";

    public static TheoryData<string, string, bool> Cells() => CellsOf(Service);

    [Theory]
    [MemberData(nameof(Cells))]
    public Task It_waits_or_goes_on_as_the_page_says_and_loses_nothing(string store, string condition, bool isAtStart) =>
        ShouldBeAsThePageSaysAsync(new(Service, store, condition, isAtStart), runs.Of(engines));

    private static async Task<string> RunAsync(TestEngines engines, OutageCell cell)
    {
        var waits = OperationsPage.Cells[cell].StartsWith("waits", StringComparison.Ordinal);
        await using var stores = await FaultyStores.StartAsync(engines, ownRedis: cell.Condition == OutageCell.Memory);
        using var dynamo = StreamTable.Client(stores.Real);
        await StreamTable.CreateAsync(dynamo, stores.Real.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        var orders = Enumerable.Range(1, 3).Select(number => SampleOrders.Placed(number)).ToList();
        await PutAsync(dynamo, stores, orders[0]);

        if (cell.IsAtStart)
        {
            await using (var before = await StartAsync(stores.Direct))
            {
                await ArrivedAsync(stores, orders[0]);
                await before.StopAsync();
            }

            await stores.FailAsync(cell.Store, cell.Condition);
        }

        await using var sync = await StartAsync(stores.Stores);
        using var client = new HttpClient { BaseAddress = new(sync.Urls.Single()), DefaultRequestHeaders = { Authorization = TestService.Basic("foo", "bar") } };
        if (!cell.IsAtStart)
        {
            await ArrivedAsync(stores, orders[0]);
            await ReadyAsync(client);
            await stores.FailAsync(cell.Store, cell.Condition);
        }

        await PutAsync(dynamo, stores, orders[1]);
        if (waits)
        {
            await Eventually.HoldsAsync(async () => await HealthAsync(client) == "ready 503");
            // What is sent to a store whose answers are lost may be done.
            (await HasAsync(stores, orders[1]) && cell.Condition is not (OutageCell.Slow or OutageCell.Garbled)).ShouldBeFalse();
        }
        else
        {
            await ArrivedAsync(stores, orders[1]);
            await Eventually.HoldsAsync(async () => await HealthAsync(client) == "ready 200");
        }

        using var status = await client.GetAsync("/v1/operations/status").WaitAsync(Bound);
        var answer = $"{(waits ? "waits" : "goes on")}, status {await WordsAsync(status)}, {await HealthAsync(client, cell)}";

        await stores.HealAsync();

        await PutAsync(dynamo, stores, orders[2]);
        await ArrivedAsync(stores, orders[1]);
        await ArrivedAsync(stores, orders[2]);
        await ReadyAsync(client);
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/v1/operations/status")).StatusCode == HttpStatusCode.OK);
        (await stores.ScalarAsync<long>("SELECT count(*) FROM order_history")).ShouldBe(3, "each once");
        (await stores.ScalarAsync<decimal>("SELECT sum(amount) FROM hourly_totals")).ShouldBe(6);
        (await stores.ScalarAsync<long>("SELECT count(*) FROM sync.dead_letters")).ShouldBe(0);
        (await stores.ScalarAsync<long>("SELECT count(*) FROM sync.gaps")).ShouldBe(0);
        await Eventually.HoldsAsync(async () => await stores.ScalarAsync<long>("SELECT count(*) FROM sync.cache_repairs") == 0);
        await sync.StopAsync();
        return answer;
    }

    private static async Task<WebApplication> StartAsync(TestStores stores)
    {
        var settings = stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";
        settings["Logging:LogLevel:Default"] = "None";
        settings["Sync:Readiness:StalledAfterSeconds"] = "1";
        var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        await app.StartAsync();
        return app;
    }

    private static async Task PutAsync(AmazonDynamoDBClient dynamo, FaultyStores stores, Order order) => await dynamo.PutItemAsync(stores.Real.Table, OrderItem.From(order));

    private static Task ArrivedAsync(FaultyStores stores, Order order) => Eventually.HoldsAsync(() => HasAsync(stores, order), seconds: (int)Bound.TotalSeconds);

    private static async Task<bool> HasAsync(FaultyStores stores, Order order) =>
        await stores.ScalarAsync<bool>("SELECT to_regclass('orders') IS NOT NULL")
        && await stores.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM orders WHERE order_id = '{order.OrderId}')");

    public sealed class Runs
    {
        private Lazy<IReadOnlyDictionary<OutageCell, Task<string>>>? _all;

        internal Lazy<IReadOnlyDictionary<OutageCell, Task<string>>> Of(TestEngines engines) => _all ??= RunAll(Service, cell => RunAsync(engines, cell));
    }
}
