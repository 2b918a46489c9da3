using System.Net;
using Amazon.DynamoDBv2;
using Microsoft.AspNetCore.Builder;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Settings;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Orders.Tests.Sync;
using Orders.Tests.Warehouse;
using Orders.Tests.Warehouse.Store;
using Orders.Warehouse;
using Shouldly;
using Xunit;
using Order = Orders.Domain.Order;

namespace Orders.Tests.Outages;

public sealed class WarehouseOutageTests(TestEngines engines, WarehouseOutageTests.Runs runs) : OutageTests, IClassFixture<WarehouseOutageTests.Runs>
{
    private const string Service = "Orders.Warehouse";
    private const string NoStart = "does not start";

    public static TheoryData<string, string, bool> Cells() => CellsOf(Service);

    [Theory]
    [MemberData(nameof(Cells))]
    public Task It_waits_as_the_page_says_and_each_change_is_in_the_lake_once(string store, string condition, bool isAtStart) =>
        ShouldBeAsThePageSaysAsync(new(Service, store, condition, isAtStart), runs.Of(engines));

    private static async Task<string> RunAsync(TestEngines engines, OutageCell cell)
    {
        await using var stores = await FaultyStores.StartAsync(engines);
        await using var disk = cell.Store == "lake" && cell.Condition != OutageCell.Gone ? await TinyDisk.MountAsync(megabytes: 16) : null;
        using var folder = new TempFolder();
        var lake = Path.Combine(disk?.Folder ?? folder.Path, "lake");
        using var dynamo = StreamTable.Client(stores.Real);
        await StreamTable.CreateAsync(dynamo, stores.Real.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        var orders = Enumerable.Range(1, 3).Select(number => SampleOrders.Placed(number, at: TimeProvider.System.GetUtcNow())).ToList();
        await PutAsync(dynamo, stores, orders[0]);

        if (cell.IsAtStart)
        {
            await using (var before = await StartAsync(stores.Direct, lake, folder))
            {
                await ArrivedAsync(stores, 1);
                await before.StopAsync();
            }

            await FailAsync(stores, cell, lake, disk);
            if (OperationsPage.Cells[cell] == NoStart)
            {
                (await Should.ThrowAsync<SettingsException>(() => StartAsync(stores.Stores, lake, folder))).Setting.ShouldBe("Orders__Warehouse__Lake");
                return NoStart;
            }
        }

        await using var warehouse = await StartAsync(stores.Stores, lake, folder);
        using var client = new HttpClient { BaseAddress = new(warehouse.Urls.Single()), DefaultRequestHeaders = { Authorization = TestService.Basic("foo", "bar") } };
        // The disk is seen through another process: no query may look there.
        var asks = disk is null;
        if (!cell.IsAtStart)
        {
            await ArrivedAsync(stores, 1);
            await ReadyAsync(client);
            await QuestionIsAsync(client, HttpStatusCode.OK, asks);
            await FailAsync(stores, cell, lake, disk);
        }

        await PutAsync(dynamo, stores, orders[1]);
        await Eventually.HoldsAsync(async () => await HealthAsync(client) == "ready 503", seconds: (int)Bound.TotalSeconds);
        using var question = await client.GetAsync("/v1/analytics/revenue").WaitAsync(Bound);
        var answer = $"waits, {(asks ? $"a question {await WordsAsync(question)}, " : "")}{await HealthAsync(client, cell)}";

        await HealAsync(stores, cell, lake, disk);

        await PutAsync(dynamo, stores, orders[2]);
        await ArrivedAsync(stores, 3);
        await ReadyAsync(client);
        await QuestionIsAsync(client, HttpStatusCode.OK, asks);
        await warehouse.StopAsync();
        LakeReading.Query($"SELECT count(*), count(DISTINCT order_id) FROM {LakeReading.Files(lake)} WHERE source = 'stream'").Single().ShouldBe(["3", "3"], "each once");
        return answer;
    }

    private static async Task FailAsync(FaultyStores stores, OutageCell cell, string lake, TinyDisk? disk)
    {
        switch (cell.Store, cell.Condition)
        {
            case ("lake", OutageCell.Gone):
                Directory.Move(lake, $"{lake}-elsewhere");
                break;
            case ("lake", OutageCell.Denied):
                await disk!.MakeReadOnlyAsync();
                break;
            case ("lake", OutageCell.Disk):
                Fill(Filler(disk!));
                break;
            default:
                await stores.FailAsync(cell.Store, cell.Condition);
                break;
        }
    }

    private static async Task HealAsync(FaultyStores stores, OutageCell cell, string lake, TinyDisk? disk)
    {
        switch (cell.Store, cell.Condition)
        {
            case ("lake", OutageCell.Gone):
                Directory.Exists(lake).ShouldBeFalse("nothing is written in its place");
                Directory.Move($"{lake}-elsewhere", lake);
                break;
            case ("lake", OutageCell.Denied):
                await disk!.MakeWritableAsync();
                break;
            case ("lake", OutageCell.Disk):
                File.Delete(Filler(disk!));
                break;
            default:
                await stores.HealAsync();
                break;
        }
    }

    private static string Filler(TinyDisk disk) => Path.Combine(disk.Folder, "filler");

    private static void Fill(string file)
    {
        using var filler = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 64 * 1024, 4 * 1024, 1 })
        {
            try
            {
                while (true)
                {
                    filler.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // It is full.
            }
        }
    }

    private static async Task<WebApplication> StartAsync(TestStores stores, string lake, TempFolder folder)
    {
        var settings = stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";
        settings["Logging:LogLevel:Default"] = "None";
        settings["Orders:Warehouse:Lake"] = lake;
        settings["Orders:Warehouse:Cache"] = folder.In("cache");
        settings["Orders:Warehouse:SqlTables"] = "";
        settings["Orders:Warehouse:FileSeconds"] = "1";
        settings["Orders:Warehouse:StalledSeconds"] = "1";
        var app = WarehouseHost.Build(new() { EnvironmentName = "Development" }, settings);
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static Task QuestionIsAsync(HttpClient client, HttpStatusCode status, bool asks) => !asks ? Task.CompletedTask : Eventually.HoldsAsync(async () =>
    {
        using var answer = await client.GetAsync("/v1/analytics/revenue");
        return answer.StatusCode == status;
    });

    private static async Task PutAsync(AmazonDynamoDBClient dynamo, FaultyStores stores, Order order) => await dynamo.PutItemAsync(stores.Real.Table, OrderItem.From(order));

    private static Task ArrivedAsync(FaultyStores stores, int changes) => Eventually.HoldsAsync(
        async () => await stores.ScalarAsync<bool>("SELECT to_regclass('warehouse.files') IS NOT NULL")
            && await stores.ScalarAsync<decimal>("SELECT coalesce(sum(rows), 0) FROM warehouse.files WHERE state = 'live' AND log = 'orders_changes' AND source LIKE 'stream/%'") >= changes,
        seconds: (int)Bound.TotalSeconds);

    public sealed class Runs
    {
        private Lazy<IReadOnlyDictionary<OutageCell, Task<string>>>? _all;

        internal Lazy<IReadOnlyDictionary<OutageCell, Task<string>>> Of(TestEngines engines) => _all ??= RunAll(Service, cell => RunAsync(engines, cell));
    }
}
