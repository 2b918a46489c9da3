using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Orders.ServiceDefaults.Commands;
using Orders.Tests.Engines;
using Orders.Warehouse;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse;

/// <summary>The whole way from a request to the commands, on real stores.</summary>
public sealed class WarehouseCommandsTests(TestEngines engines) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestStores _stores = null!;
    private OrdersSystem _system = null!;
    private Dictionary<string, string?> _settings = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await engines.CreateStoresAsync();
        _settings = _stores.Settings;
        _settings["Orders:Warehouse:Lake"] = _folder.Path;
        _settings["Orders:Warehouse:FileSeconds"] = "1";
        _settings["Orders:Warehouse:SqlTables"] = "";
        _system = await OrdersSystem.StartAsync(_stores, RunningServices.Api | RunningServices.Sync | RunningServices.Warehouse, _settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_log_agrees_with_Postgres_and_what_does_not_is_named()
    {
        var kept = await PlaceAsync("10.50");
        var changed = await PlaceAsync("20.25");
        var gone = await PlaceAsync("30");
        (await _system.Api.PatchAsJsonAsync($"/v1/orders/{changed}", new { status = "paid" })).EnsureSuccessStatusCode();
        (await _system.Api.DeleteAsync($"/v1/orders/{gone}")).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => (await RunAsync("sql", "--csv", "SELECT count(*) FROM orders_changes")).Output.Contains("\n5"));

        (await RunAsync("reconcile")).ShouldBe((0, "1 days with 2 orders compared: no difference.\n"));
        (await RunAsync("sql", "--csv", "SELECT order_id, version, status, amount FROM orders_current ORDER BY amount")).Output
            .ShouldBe($"order_id,version,status,amount\n{kept},1,placed,10.50000000\n{changed},2,paid,20.25000000\n");
        using var status = JsonDocument.Parse((await RunAsync("status", "--json")).Output);
        var log = status.RootElement.GetProperty("logs").EnumerateArray().Single();
        (log.GetProperty("rows").GetInt64(), log.GetProperty("waiting").GetInt64()).ShouldBe((5, 0));
        status.RootElement.GetProperty("stream").GetProperty("seconds_behind").ValueKind.ShouldBe(JsonValueKind.Number);
        status.RootElement.GetProperty("snapshot").GetProperty("is_skipped").GetBoolean().ShouldBeTrue();
        (await RunAsync("status")).Output.ShouldContain("orders_changes");

        await ExecuteAsync($"UPDATE orders SET amount = 11.5 WHERE order_id = '{kept}'");
        var (exitCode, output) = await RunAsync("reconcile");

        exitCode.ShouldBe(1);
        output.ShouldContain("INR: Postgres has 2 orders of 31.75, the log 2 of 30.75");
        output.ShouldContain($"{kept}: Postgres has version 1, placed, 11.5 INR, the log version 1, placed, 10.5 INR");
        output.ShouldNotContain($"{changed}");
    }

    private async Task<string> PlaceAsync(string amount)
    {
        using var answer = await _system.Api.PostAsync("/v1/orders", new StringContent($$"""{"merchant_id":"m-1","currency":"INR","amount":{{amount}}}""", System.Text.Encoding.UTF8, "application/json"));
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString()!;
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        var exitCode = await WarehouseCommands.RunAsync(arguments, _settings, new Terminal(TextReader.Null, output, error));
        (exitCode == 0 || arguments[0] != "sql").ShouldBeTrue(error.ToString());
        return (exitCode, output.ToString().Replace("\r", "", StringComparison.Ordinal));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_stores.Postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
