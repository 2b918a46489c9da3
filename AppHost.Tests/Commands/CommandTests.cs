using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Commands;

public sealed class CommandTests(RunningAppHost apphost)
{
    [Fact]
    public async Task Demo_orders_are_placed_as_many_as_asked_for()
    {
        using var query = await apphost.ClientOfAsync("query");

        var result = JsonDocument.Parse(await apphost.RunAsync("api", "demo-orders", ("count", "37"))).RootElement;

        result.GetProperty("placed").GetInt32().ShouldBe(37);
        result.GetProperty("failed").GetInt32().ShouldBe(0);
        var orderId = result.GetProperty("last_order_id").GetString();
        await apphost.UntilAsync("the last one can be read", async token =>
        {
            using var answer = await query.GetAsync(new Uri($"/v1/orders/{orderId}", UriKind.Relative), token);
            return answer.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task Demo_orders_are_placed_no_faster_than_asked_for()
    {
        await apphost.WaitForAsync("api");

        var result = JsonDocument.Parse(await apphost.RunAsync("api", "demo-orders", ("count", "30"), ("rate", "20"))).RootElement;

        // The last of 30 is due after 29/20 s.
        result.GetProperty("seconds").GetDouble().ShouldBeGreaterThanOrEqualTo(1.4);
    }

    [Theory]
    [InlineData("count", "0")]
    [InlineData("count", "many")]
    [InlineData("rate", "-1")]
    public async Task A_wrong_argument_places_nothing_and_is_named(string name, string value)
    {
        await apphost.WaitForAsync("api");

        var done = await apphost.ExecuteAsync("api", "demo-orders", (name, value));

        done.Success.ShouldBeFalse();
        done.Data.ShouldBeNull();
    }

    [Fact]
    public async Task The_status_names_both_consumers()
    {
        await apphost.WaitForAsync("sync-2");

        await apphost.UntilAsync("both consumers are listed", async _ =>
            JsonDocument.Parse(await apphost.RunAsync("sync", "status")).RootElement.GetProperty("instances").GetArrayLength() == 2);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Reconcile_compares_and_repairs_when_asked_to(string repair)
    {
        await apphost.WaitForAsync("sync");

        var report = JsonDocument.Parse(await apphost.RunAsync("sync", "reconcile", ("repair", repair))).RootElement.GetProperty("report");

        report.GetProperty("remaining").GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("snapshot", "snapshot")]
    [InlineData("rebuild-read-model", "rebuild")]
    public async Task A_snapshot_and_a_rebuild_are_followed_to_their_end(string command, string kind)
    {
        await apphost.WaitForAsync("sync");

        var progress = JsonDocument.Parse(await apphost.RunAsync("sync", command)).RootElement;

        progress.GetProperty("kind").GetString().ShouldBe(kind);
        progress.GetProperty("phase").GetString().ShouldBe("completed");
    }

    [Fact]
    public async Task Dead_letters_are_listed_and_redriven()
    {
        await apphost.WaitForAsync("sync");

        JsonDocument.Parse(await apphost.RunAsync("sync", "dead-letters")).RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
        JsonDocument.Parse(await apphost.RunAsync("sync", "redrive-dead-letters")).RootElement.GetProperty("failed").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task The_warehouse_s_commands_work_on_the_lake_and_the_stores_of_the_running_one()
    {
        await apphost.WaitForAsync("warehouse");
        await apphost.RunAsync("api", "demo-orders", ("count", "5"));

        await apphost.UntilAsync("the orders are in files", async _ =>
            JsonDocument.Parse(await apphost.RunAsync("warehouse", "status")).RootElement.GetProperty("logs").EnumerateArray()
                .Any(log => log.GetProperty("log").GetString() == "orders_changes" && log.GetProperty("rows").GetInt64() >= 5));

        var report = JsonDocument.Parse(await apphost.RunAsync("warehouse", "reconcile")).RootElement;
        report.GetProperty("orders").GetInt64().ShouldBeGreaterThanOrEqualTo(5);
        report.GetProperty("different_days").GetArrayLength().ShouldBe(0);
        (await apphost.RunAsync("warehouse", "snapshot")).ShouldContain("orders found");
        (await apphost.RunAsync("warehouse", "requeue")).ShouldContain("0 stay in the quarantine");
        (await apphost.RunAsync("warehouse", "compact")).ShouldContain("days compacted");
    }
}
