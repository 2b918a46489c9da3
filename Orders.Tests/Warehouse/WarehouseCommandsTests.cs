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

        (await RunAsync("reconcile")).ShouldBe((0, "1 days with 2 orders compared: no difference.\n", ""));
        (await RunAsync("sql", "--csv", "SELECT order_id, version, status, amount FROM orders_current ORDER BY amount")).Output
            .ShouldBe($"order_id,version,status,amount\n{kept},1,placed,10.50000000\n{changed},2,paid,20.25000000\n");
        await Eventually.HoldsAsync(async () => (await RunAsync("status")).Output.Contains("none was needed"));
        (await RunAsync("status")).Output.ShouldContain("State       none stored: queries seek it in the log\n");
        (await RunAsync("compact")).Output.ShouldContain("; the state of 3 orders is stored.\n");
        (await RunAsync("status")).Output.ShouldContain("State       of 3 orders, stored ");
        (await RunAsync("reconcile")).ShouldBe((0, "1 days with 2 orders compared: no difference.\n", ""));
        using var status = JsonDocument.Parse((await RunAsync("status", "--json")).Output);
        var log = status.RootElement.GetProperty("logs").EnumerateArray().Single();
        (log.GetProperty("rows").GetInt64(), log.GetProperty("waiting").GetInt64()).ShouldBe((5, 0));
        status.RootElement.GetProperty("stream").GetProperty("seconds_behind").ValueKind.ShouldBe(JsonValueKind.Number);
        status.RootElement.GetProperty("snapshot").GetProperty("is_skipped").GetBoolean().ShouldBeTrue();
        await ExecuteAsync(
            """
            INSERT INTO warehouse.redshift (tried_at, files, set_aside, problem) VALUES (now(), 5, 1, 'merchants_changes: refused');
            INSERT INTO warehouse.redshift_logs (log, files, set_aside, problem, tried_at) VALUES ('orders_changes', 3, 0, NULL, now()), ('merchants_changes', 2, 1, 'refused', now())
            """);
        (await RunAsync("status")).Output.ShouldContain(
            """
            Redshift    never complete, 5 files, 1 set aside: merchants_changes: refused
                        merchants_changes: 2 files, 1 set aside: refused
                        orders_changes: 3 files, 0 set aside

            """);

        await ExecuteAsync($"UPDATE orders SET amount = 11.5 WHERE order_id = '{kept}'");
        var (exitCode, output, _) = await RunAsync("reconcile");

        exitCode.ShouldBe(1);
        output.ShouldContain("INR: Postgres has 2 orders of 31.75, the log 2 of 30.75");
        output.ShouldContain($"{kept}: Postgres has version 1, placed, 11.5 INR, the log version 1, placed, 10.5 INR");
        output.ShouldNotContain($"{changed}");
    }

    [Fact]
    public async Task A_person_s_orders_are_erased_with_every_version_and_the_rest_stays()
    {
        var kept = await PlaceAsync("10.50");
        var gone = await PlaceAsync("20.25", "person-1");
        (await _system.Api.PatchAsJsonAsync($"/v1/orders/{gone}", new { status = "paid" })).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => (await RunAsync("sql", "--csv", "SELECT count(*) FROM orders_changes")).Output.Contains("\n3"));
        var refused = await RunAsync("forget", "--customer", "person-1");
        (refused.ExitCode, refused.Error).ShouldBe((1, $"1 of 1 orders are still in DynamoDB, so their next change would bring them back: {gone}. Delete them first; nothing was erased.\n"));
        (await _system.Api.DeleteAsync($"/v1/orders/{gone}")).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => (await RunAsync("sql", "--csv", "SELECT count(*) FROM orders_changes")).Output.Contains("\n4"));

        var (exitCode, output, error) = await RunAsync("forget", "--customer", "person-1");

        exitCode.ShouldBe(0, error);
        output.ShouldStartWith("1 orders: 3 rows and 0 lines of the quarantine are erased.");
        (await RunAsync("sql", "--csv", "SELECT order_id, version FROM orders_changes")).Output.ShouldBe($"order_id,version\n{kept},1\n");
        (await RunAsync("forget")).ExitCode.ShouldBe(2);
        (await RunAsync("reconcile")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_snapshot_that_is_asked_for_beside_the_service_is_run_by_the_one_who_asked()
    {
        await PlaceAsync("10.50");
        await Eventually.HoldsAsync(async () => (await RunAsync("status")).Output.Contains("none was needed"));
        (await RunAsync("status")).Output.ShouldContain("State       none stored: queries seek it in the log\n");

        (await RunAsync("snapshot")).ShouldBe((0, "1 orders found, 0 are no longer there.\n", ""));
    }

    private async Task<string> PlaceAsync(string amount, string customer = "somebody-else")
    {
        using var answer = await _system.Api.PostAsync("/v1/orders", new StringContent($$"""{"merchant_id":"m-1","customer_id":"{{customer}}","currency":"INR","amount":{{amount}}}""", System.Text.Encoding.UTF8, "application/json"));
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString()!;
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await WarehouseCommands.RunAsync(arguments, _settings, new Terminal(TextReader.Null, output, error));
        (exitCode == 0 || arguments[0] != "sql").ShouldBeTrue(error.ToString());
        return (exitCode, output.ToString().Replace("\r", "", StringComparison.Ordinal), error.ToString());
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_stores.Postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
