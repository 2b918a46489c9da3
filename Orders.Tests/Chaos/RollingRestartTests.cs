using Amazon.DynamoDBv2.Model;
using Npgsql;
using Orders.Engines.Processes;
using Orders.Tests.Engines;
using Orders.Tests.GraphQL;
using Orders.Tests.Sync;
using Orders.Tests.Warehouse;
using Shouldly;
using Xunit;

namespace Orders.Tests.Chaos;

/// <summary>
/// Every service is restarted, one instance after the other, as a platform does it: SIGTERM, and another in
/// its place. Two instances of each that is asked are behind a load balancer, with clients that repeat
/// nothing.
/// </summary>
public sealed class RollingRestartTests(TestEngines engines, ITestOutputHelper output)
{
    // ORDERS_DRAIN_SECONDS=0 shows what is lost without it.
    private static readonly string Drain = Environment.GetEnvironmentVariable("ORDERS_DRAIN_SECONDS") ?? "1";

    [Fact]
    public async Task A_rolling_restart_of_every_service_loses_no_request_and_answers_none_with_a_5xx()
    {
        var stores = await engines.CreateStoresAsync();
        using var folder = new TempFolder();
        var settings = stores.Settings;
        settings["Orders:Http:DrainSeconds"] = Drain;
        settings["Orders:Warehouse:Lake"] = folder.In("lake");
        settings["Orders:Warehouse:FileSeconds"] = "1";
        settings["Orders:Warehouse:SqlTables"] = "";
        // The balancer is the only client: it is not to be taken for one that asks too much.
        settings["Orders:RateLimit:PerSecond"] = settings["Orders:RateLimit:Burst"] = "100000";
        Uri[] apiAddresses = [Free(), Free()], queryAddresses = [Free(), Free()], gatewayAddresses = [Free(), Free()];

        await using var api = await Balancer.StartAsync(apiAddresses);
        await using var query = await Balancer.StartAsync(queryAddresses);
        await using var graphQl = await Balancer.StartAsync(gatewayAddresses);
        var apis = apiAddresses.Select(address => ServiceProcess.StartApi(settings, address)).ToArray();
        var queries = queryAddresses.Select(address => ServiceProcess.StartQuery(settings, address)).ToArray();
        var gateways = await Task.WhenAll(gatewayAddresses.Select(address => GatewayAsync(query, address)));
        ServiceProcess[] workers = [ServiceProcess.Start(settings), ServiceProcess.StartWarehouse(settings)];
        try
        {
            foreach (var balancer in new[] { api, query, graphQl })
            {
                await balancer.ReadyAsync(0);
                await balancer.ReadyAsync(1);
            }

            using var load = new RollingLoad(api.Address, query.Address, graphQl.Address);
            using var stop = new CancellationTokenSource();
            var running = load.RunAsync(stop.Token);
            try
            {
                for (var number = 0; number < 2; number++)
                {
                    apis[number] = await ReplaceAsync(apis[number], () => ServiceProcess.StartApi(settings, apiAddresses[number]));
                    await api.ReadyAsync(number);
                    queries[number] = await ReplaceAsync(queries[number], () => ServiceProcess.StartQuery(settings, queryAddresses[number]));
                    await query.ReadyAsync(number);
                    gateways[number].Signal(Native.Terminate);
                    (await gateways[number].ExitAsync()).ShouldBe(0, gateways[number].Said);
                    await gateways[number].DisposeAsync();
                    gateways[number] = await GatewayAsync(query, gatewayAddresses[number]);
                    await graphQl.ReadyAsync(number);
                }

                workers[0] = await ReplaceAsync(workers[0], () => ServiceProcess.Start(settings));
                workers[1] = await ReplaceAsync(workers[1], () => ServiceProcess.StartWarehouse(settings));
            }
            finally
            {
                await stop.CancelAsync();
            }

            await running;
            output.WriteLine($"sent {load.Sent}, accepted {load.Accepted.Count}, failed {load.Failed}, 5xx {load.ServerErrors}");
            var bad = string.Join('\n', load.Bad.Concat(api.Failures).Concat(query.Failures).Concat(graphQl.Failures));
            (load.Failed, load.ServerErrors).ShouldBe((0, 0), bad);
            load.Accepted.Count.ShouldBeGreaterThan(100);
            await ShouldBeEverywhereAsync(stores, folder.In("lake"), [.. load.Accepted]);
        }
        finally
        {
            foreach (var process in apis.Concat(queries).Concat(workers))
            {
                await process.DisposeAsync();
            }

            foreach (var gateway in gateways)
            {
                await gateway.DisposeAsync();
            }
        }
    }

    private static Uri Free() => new($"http://127.0.0.1:{Ports.Free()}");

    private static Task<GatewayHost> GatewayAsync(Balancer query, Uri address) =>
        GatewayHost.StartAsync(query.Address, ("PORT", $"{address.Port}"), ("GRAPHQL_DRAIN_MS", $"{Drain}000"), ("GRAPHQL_KEY_COST_PER_SECOND", "100000000"));

    private static async Task<ServiceProcess> ReplaceAsync(ServiceProcess process, Func<ServiceProcess> start)
    {
        process.Signal(Native.Terminate);
        var (exitCode, said) = await process.ExitAsync();
        exitCode.ShouldBe(0, said);
        await process.DisposeAsync();
        return start();
    }

    private static async Task ShouldBeEverywhereAsync(TestStores stores, string lake, HashSet<Guid> accepted)
    {
        using var dynamo = StreamTable.Client(stores);
        var items = new HashSet<Guid>();
        var scan = new ScanRequest { TableName = stores.Table, ConsistentRead = true };
        do
        {
            var page = await dynamo.ScanAsync(scan);
            items.UnionWith(page.Items.Select(item => Guid.Parse(item["order_id"].S)));
            scan.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (scan.ExclusiveStartKey is { Count: > 0 });

        items.ShouldBe(accepted, ignoreOrder: true);

        await using var postgres = NpgsqlDataSource.Create(stores.Postgres);
        await Eventually.HoldsAsync(async () => await ScalarAsync(postgres, "SELECT count(*) FROM orders") == accepted.Count, seconds: 120);
        await Eventually.HoldsAsync(
            async () => await ScalarAsync(postgres, "SELECT coalesce(sum(rows), 0)::bigint FROM warehouse.files WHERE state = 'live' AND log = 'orders_changes' AND source LIKE 'stream/%'") >= accepted.Count,
            seconds: 120);
        LakeReading.Query($"SELECT count(*), count(DISTINCT order_id) FROM {LakeReading.Files(lake)} WHERE source = 'stream'").Single().ShouldBe([$"{accepted.Count}", $"{accepted.Count}"]);
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource postgres, string sql)
    {
        await using var command = postgres.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
