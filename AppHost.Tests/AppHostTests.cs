using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

public sealed class AppHostTests(RunningAppHost apphost) : IClassFixture<RunningAppHost>
{
    [Theory]
    [InlineData("localstack")]
    [InlineData("postgres")]
    [InlineData("orders")]
    [InlineData("redis")]
    [InlineData("api")]
    [InlineData("sync")]
    [InlineData("query")]
    [InlineData("graphql")]
    public Task Every_resource_becomes_healthy(string resource) => apphost.WaitForAsync(resource);

    [Fact]
    public async Task An_order_goes_from_the_Api_to_the_Query()
    {
        using var api = await apphost.ClientOfAsync("api");
        using var query = await apphost.ClientOfAsync("query");

        var orderId = await RunningAppHost.PlaceAsync(api);
        using var read = await RunningAppHost.ReadAsync(query, orderId);

        var order = await read.Content.ReadFromJsonAsync<JsonElement>();
        order.GetProperty("merchant_id").GetString().ShouldBe("merchant-102");
        order.GetProperty("amount").GetDecimal().ShouldBe(200.00m);
        order.GetProperty("status").GetString().ShouldBe("placed");
    }

    [Fact]
    public async Task An_order_can_be_asked_for_in_GraphQL()
    {
        using var api = await apphost.ClientOfAsync("api");
        using var query = await apphost.ClientOfAsync("query");
        using var graphql = await apphost.ClientOfAsync("graphql");
        var orderId = await RunningAppHost.PlaceAsync(api);
        (await RunningAppHost.ReadAsync(query, orderId)).Dispose();

        using var answer = await graphql.PostAsJsonAsync("/graphql", new { query = "query($id: ID!) { order(id: $id) { merchantId amount status } }", variables = new { id = orderId } });

        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"data":{"order":{"merchantId":"merchant-102","amount":"200.00","status":"PLACED"}}}""");
    }

    [Fact]
    public async Task The_page_of_the_Query_places_orders_and_no_other_page_does()
    {
        using var api = await apphost.ClientOfAsync("api");
        using var query = await apphost.ClientOfAsync("query");
        var port = query.BaseAddress!.Port;

        var settings = await query.GetFromJsonAsync<JsonElement>("/console/settings.json");

        new Uri(settings.GetProperty("api_url").GetString()!).ShouldBe(api.BaseAddress);
        (await MayAsync(api, $"http://localhost:{port}")).ShouldBeTrue();
        (await MayAsync(api, $"http://127.0.0.1:{port}")).ShouldBeTrue();
        (await MayAsync(api, $"http://localhost:{port + 1}")).ShouldBeFalse();
    }

    [Fact]
    public async Task Demo_orders_are_placed_by_their_command()
    {
        using var query = await apphost.ClientOfAsync("query");

        var done = await apphost.App.ResourceCommands.ExecuteCommandAsync("api", "demo-orders");

        done.Success.ShouldBeTrue(done.Message);
        var lines = done.Data!.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(100);
        foreach (var line in lines)
            (await RunningAppHost.ReadAsync(query, JsonDocument.Parse(line).RootElement.GetProperty("order").GetProperty("order_id").GetString()!)).Dispose();
    }

    [Fact]
    public async Task A_snapshot_begins_by_its_command()
    {
        await apphost.WaitForAsync("sync");
        var instance = (await apphost.InstancesOfAsync("sync", 2)).Keys.First();

        var done = await apphost.App.ResourceCommands.ExecuteCommandAsync(instance, "snapshot");

        done.Success.ShouldBeTrue(done.Message);
    }

    [Fact]
    public async Task Nothing_is_lost_when_one_of_the_two_consumers_is_killed_while_orders_flow()
    {
        using var api = await apphost.ClientOfAsync("api");
        using var query = await apphost.ClientOfAsync("query");
        await apphost.WaitForAsync("sync");
        var instances = await apphost.InstancesOfAsync("sync", 2);
        var (killed, survivor) = (instances.First(), instances.Last());

        // The one that holds the stream's lease is not known: each order is placed in a stream of them that goes on well after the kill.
        var placed = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            placed.Add(await RunningAppHost.PlaceAsync(api));
            if (i == 100)
                Kill(killed.Value);
        }

        foreach (var orderId in placed)
            (await RunningAppHost.ReadAsync(query, orderId)).Dispose();
        var reconciled = await apphost.App.ResourceCommands.ExecuteCommandAsync(survivor.Key, "reconcile");
        reconciled.Success.ShouldBeTrue($"{reconciled.Message} {reconciled.Data?.Value}");

        await StartAsync(killed.Key);
    }

    private static async Task<bool> MayAsync(HttpClient api, string page)
    {
        using var asks = new HttpRequestMessage(HttpMethod.Options, "/v1/orders") { Headers = { { "Origin", page }, { "Access-Control-Request-Method", "POST" } } };
        using var answer = await api.SendAsync(asks);
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) && allowed.Contains(page, StringComparer.Ordinal);
    }

    // For the tests that come after this one.
    private async Task StartAsync(string instance)
    {
        (await apphost.App.ResourceCommands.ExecuteCommandAsync(instance, KnownResourceCommands.StartCommand)).Success.ShouldBeTrue();
        await apphost.WaitForInstanceAsync(instance);
    }

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill(entireProcessTree: true);
    }
}
