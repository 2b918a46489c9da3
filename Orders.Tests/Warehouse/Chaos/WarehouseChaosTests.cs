using System.Globalization;
using Orders.Tests.Engines;
using Orders.Tests.Sync;
using Orders.Tests.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Chaos;

/// <summary>
/// The warehouse is killed again and again while orders are placed, changed and deleted, and has each change
/// once.
/// </summary>
public sealed class WarehouseChaosTests(TestEngines engines, TestS3 s3, ITestOutputHelper output)
{
    private const int SmallRun = 5_000;

    // ORDERS_WAREHOUSE_CHANGES=50000 is the real run; the small one is for every day.
    private static readonly int Changes = int.Parse(Environment.GetEnvironmentVariable("ORDERS_WAREHOUSE_CHANGES") ?? $"{SmallRun}", CultureInfo.InvariantCulture);
    private static readonly int Kills = Changes > SmallRun ? 10 : 4;
    private static readonly int FileRows = Math.Max(100, Changes / 100);

    [Fact]
    public async Task Killed_again_and_again_it_has_every_change_once_in_a_folder()
    {
        using var folder = new TempFolder();
        await RunAsync(new TestLake(folder), days: 1, Kills);
    }

    [Fact]
    public async Task Killed_again_and_again_it_has_every_change_once_in_S3()
    {
        using var folder = new TempFolder();
        await RunAsync(new TestLake(folder, await s3.NewBucketAsync()), days: 1, Kills);
    }

    private const int MostMore = 100;

    [Fact]
    public async Task Compacted_and_scanned_meanwhile_it_still_has_every_change_once()
    {
        using var folder = new TempFolder();
        await RunAsync(new TestLake(folder), days: 4, Kills / 2);
    }

    private async Task RunAsync(TestLake lake, int days, int kills)
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("ORDERS_CHAOS_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);
        output.WriteLine($"Seed {seed}: run it again with ORDERS_CHAOS_SEED={seed}");
        var stores = await engines.CreateStoresAsync();
        using var dynamo = StreamTable.Client(stores);
        await StreamTable.CreateAsync(dynamo, stores.Table, "NEW_AND_OLD_IMAGES");
        var load = new ChangeLoad(dynamo, stores.Table, seed, days);
        await using var system = new WarehouseSystem(stores, lake.Settings, FileRows, new(seed));
        await using var upkeep = new BusyUpkeep(system.Settings);
        using var stop = new CancellationTokenSource();
        await system.WaitForOwnerAsync();
        var compacting = days > 1 ? upkeep.CompactAsync(stop.Token) : Task.CompletedTask;
        for (var kill = 0; kill < kills; kill++)
        {
            // Two instances in the second half.
            if (kill == kills / 2)
            {
                system.AddInstance();
            }

            await Task.WhenAll(load.RunAsync(Changes / kills), system.KillOwnerAsync(kill), days > 1 ? upkeep.ScanAsync() : Task.CompletedTask);
        }

        // On a quick machine all is written before a day was compacted often enough.
        for (var more = 0; days > 1 && upkeep.Compacted < days && more < MostMore; more++)
        {
            await load.RunAsync(Changes / MostMore);
        }

        await system.RemoveInstanceAsync();
        var check = new WarehouseCheck(system, lake);
        await check.ArrivedAsync(load.Count);
        await stop.CancelAsync();
        await compacting;
        if (days > 1)
        {
            await upkeep.CompactOnceAsync();
            upkeep.Compacted.ShouldBeGreaterThan(days - 1, "past days were compacted while files came");
        }

        output.WriteLine($"{load.Count} changes, {load.Orders} orders left, {system.Killed} killed, {system.KilledWithinRange} of them within a range, {upkeep.Compacted} compactions");
        await check.HoldsEachOnceAsync(load.Count);
        await check.ShowsEachOnceAsync(load.Orders);
        await check.LedgerIsTrueAsync();
        output.WriteLine($"{await system.ScalarAsync<long>("SELECT count(*) FROM warehouse.files WHERE state = 'live'")} files; lost 0, twice 0");
    }
}
