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

        (await RunAsync("reconcile")).ShouldBe((0, "Compared: days 1, orders 2. No difference.\n", ""));
        (await RunAsync("sql", "--csv", "SELECT order_id, version, status, amount FROM orders_current ORDER BY amount")).Output
            .ShouldBe($"order_id,version,status,amount\n{kept},1,placed,10.50000000\n{changed},2,paid,20.25000000\n");
        await Eventually.HoldsAsync(async () => (await RunAsync("status")).Output.Contains("none was needed"));
        (await RunAsync("status")).Output.ShouldContain("State       none stored: queries seek it in the log\n");
        (await RunAsync("compact")).Output.ShouldContain("; the state of 3 orders is stored.\n");
        (await RunAsync("status")).Output.ShouldContain("State       of 3 orders, stored ");
        (await RunAsync("reconcile")).ShouldBe((0, "Compared: days 1, orders 2. No difference.\n", ""));
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
        output.ShouldStartWith("Orders: 1. Erased: 3 rows, and 0 lines of the quarantine.");
        (await RunAsync("sql", "--csv", "SELECT order_id, version FROM orders_changes")).Output.ShouldBe($"order_id,version\n{kept},1\n");
        (await RunAsync("forget")).ExitCode.ShouldBe(2);
        (await RunAsync("forget", "--order", "nonsense")).Error.ShouldStartWith("--order: 'nonsense' is not the id of an order, which is a UUID.");
        (await RunAsync("reconcile")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_is_forgotten_while_its_deletion_is_on_its_way_or_when_the_customer_may_be_two_people()
    {
        var (one, other) = (await PlaceAsync("1", "person-2"), await PlaceAsync("2", "person-2", "m-2"));
        await Eventually.HoldsAsync(async () => (await RunAsync("sql", "--csv", "SELECT count(*) FROM orders_changes")).Output.Contains("\n2"));

        (await RunAsync("forget", "--customer", "person-2")).ShouldBe(
            (1, "", "2 merchants have a customer of this id, who need not be one person: m-1, m-2. Say whose it is with --merchant; nothing was erased.\n"));
        // The table does not have it any more, and the service cannot write that yet.
        await using var database = NpgsqlDataSource.Create(_stores.Postgres);
        await using var connection = await database.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using (var locking = new NpgsqlCommand("LOCK TABLE warehouse.log_days", connection, holding))
        {
            await locking.ExecuteNonQueryAsync();
        }

        (await _system.Api.DeleteAsync($"/v1/orders/{one}")).EnsureSuccessStatusCode();
        (await RunAsync("forget", "--customer", "person-2", "--merchant", "m-1")).Error.ShouldStartWith($"The deletion of 1 of 1 orders has not come into the log yet, and would bring back what it held: {one}.");
        (await RunAsync("sql", "--csv", "SELECT count(*) FROM orders_changes")).Output.ShouldContain("\n2");
        other.ShouldNotBe(one);
    }

    [Fact]
    public async Task A_snapshot_that_is_asked_for_beside_the_service_is_run_by_the_one_who_asked()
    {
        await PlaceAsync("10.50");
        await Eventually.HoldsAsync(async () => (await RunAsync("status")).Output.Contains("none was needed"));
        (await RunAsync("status")).Output.ShouldContain("State       none stored: queries seek it in the log\n");

        (await RunAsync("snapshot")).ShouldBe((0, "Orders found: 1. No longer there: 0.\n", ""));
    }

    private async Task<string> PlaceAsync(string amount, string customer = "somebody-else", string merchant = "m-1")
    {
        using var answer = await _system.Api.PostAsync("/v1/orders", new StringContent($$"""{"merchant_id":"{{merchant}}","customer_id":"{{customer}}","currency":"INR","amount":{{amount}}}""", System.Text.Encoding.UTF8, "application/json"));
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
