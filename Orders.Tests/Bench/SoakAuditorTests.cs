using System.Net.Http.Json;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Npgsql;
using Orders.Bench.Soak;
using Orders.Tests.Api;
using Orders.Tests.Engines;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Bench;

/// <summary>The auditor of a soak finds what differs, in whichever store it does.</summary>
public sealed class SoakAuditorTests(TestEngines engines) : IAsyncLifetime
{
    private readonly TempFolder _lake = new();
    private readonly Dictionary<string, bool> _accepted = new(StringComparer.Ordinal);
    private TestStores _stores = null!;
    private OrdersSystem _system = null!;
    private SoakAuditor _auditor = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await engines.CreateStoresAsync();
        Assert.SkipWhen(_stores.Redis is null, "no Redis on this machine");
        var settings = _stores.Settings;
        settings["Orders:Warehouse:Lake"] = _lake.Path;
        settings["Orders:Warehouse:FileSeconds"] = "1";
        settings["Orders:Warehouse:SqlTables"] = "";
        _system = await OrdersSystem.StartAsync(_stores, RunningServices.Api | RunningServices.Sync | RunningServices.Warehouse, settings);
        _auditor = new(_stores.DynamoDb, _stores.Table, _stores.Postgres, _stores.Redis!, _lake.In("warehouse.duckdb"));
    }

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        _lake.Dispose();
    }

    [Fact]
    public async Task Stores_that_agree_are_found_so_and_each_difference_is_named()
    {
        var kept = await PlaceAsync();
        var changed = await PlaceAsync();
        var gone = await PlaceAsync();
        (await _system.Api.PatchAsJsonAsync($"/v1/orders/{changed}", new { status = "paid" })).EnsureSuccessStatusCode();
        _accepted[gone] = true;
        (await _system.Api.DeleteAsync($"/v1/orders/{gone}")).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => File.Exists(_lake.In("warehouse.duckdb")) && (await FaultsAsync()).Count == 0);

        _accepted["lost"] = false;
        (await FaultsAsync()).ShouldHaveSingleItem().ShouldBe("dynamodb: lost was accepted and is not there");
        _accepted.Remove("lost");

        await ExecuteAsync($"UPDATE orders SET status = 'placed', version = 1 WHERE order_id = '{changed}'");
        (await FaultsAsync()).ShouldContain(fault => fault.StartsWith($"postgres: {changed} is "));
        await ExecuteAsync($"UPDATE orders SET status = 'paid', version = 2 WHERE order_id = '{changed}'");
        await ExecuteAsync($"DELETE FROM order_history WHERE order_id = '{changed}' AND version = 1");
        (await FaultsAsync()).ShouldBe([$"postgres: {changed} has 1 versions of 2", "warehouse: 5 changes, 5 of them different, and 4 in Postgres"]);
        await ExecuteAsync("UPDATE hourly_totals SET orders = orders + 1");
        (await FaultsAsync()).ShouldContain(fault => fault.StartsWith("postgres: the totals of "));

        using var redis = await ConnectionMultiplexer.ConnectAsync(_stores.Redis!);
        await foreach (var key in redis.GetServers()[0].KeysAsync(redis.GetDatabase().Database, $"orders:*:order:{kept}"))
        {
            var body = (string)(await redis.GetDatabase().HashGetAsync(key, "b"))!;
            await redis.GetDatabase().HashSetAsync(key, "b", body.Replace("\"placed\"", "\"paid\"", StringComparison.Ordinal));
        }

        (await FaultsAsync()).ShouldContain(fault => fault.StartsWith($"redis: {kept} is "));
        using var dynamo = ApiService.Dynamo(_stores.DynamoDb);
        await _system.StopAsync(RunningServices.Sync);
        await _system.StopAsync(RunningServices.Warehouse);
        await dynamo.DeleteItemAsync(_stores.Table, new() { ["pk"] = new AttributeValue($"ORDER#{kept}"), ["sk"] = new AttributeValue("ORDER") });
        (await FaultsAsync()).ShouldContain($"warehouse: {kept} is not in DynamoDB");
    }

    private async Task<IReadOnlyList<string>> FaultsAsync() => (await _auditor.CompareAsync(_accepted)).Faults;

    private async Task<string> PlaceAsync()
    {
        var answer = await _system.Api.PostAsJsonAsync("/v1/orders", new { merchant_id = "m", amount = 10.50m, currency = "EUR" });
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString()!;
        _accepted[id] = false;
        return id;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_stores.Postgres);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
