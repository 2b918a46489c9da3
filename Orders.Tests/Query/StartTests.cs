using System.Net;
using System.Text.Json;
using Npgsql;
using Orders.Domain;
using Orders.ServiceDefaults.Settings;
using Orders.Sync.Migrations;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class StartTests(TestEngines engines)
{
    [Fact]
    public async Task Before_Orders_Sync_has_made_the_read_model_the_service_is_not_ready_and_requests_are_503()
    {
        var stores = await engines.CreateStoresAsync();
        await using var service = await QueryService.StartAsync(stores.Settings);
        var orderId = Sample.Order().OrderId;

        using (var ready = await service.Client.GetAsync("/health/ready"))
        {
            ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            using var health = JsonDocument.Parse(await ready.Content.ReadAsStringAsync());
            health.RootElement.GetProperty("checks").GetProperty("read_model").GetProperty("description").GetString()!.ShouldContain("Orders.Sync");
        }

        (await service.Client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in new[] { $"/v1/orders/{orderId}", $"/v1/orders/{orderId}?min_version=1", "/v1/orders" })
        {
            using var answer = await service.Client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!.ShouldContain("Orders.Sync");
        }

        using var status = JsonDocument.Parse(await service.Client.GetStringAsync("/v1/status"));
        status.RootElement.GetProperty("status").GetString().ShouldBe("down");

        await using (var postgres = NpgsqlDataSource.Create(stores.Postgres))
        {
            await ReadModelMigrations.ApplyAsync(postgres, CancellationToken.None);
        }

        await Eventually.HoldsAsync(async () => (await service.Client.GetAsync("/health/ready")).IsSuccessStatusCode);
        (await service.Client.GetAsync("/v1/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("ConnectionStrings:orders", "Host=", "ConnectionStrings__orders")]
    [InlineData("Orders:Query:MaxWaiters", "0", "Orders__Query__MaxWaiters")]
    [InlineData("Orders:Query:LagThresholdSeconds", "soon", "Orders__Query__LagThresholdSeconds")]
    [InlineData("Orders:Query:CursorKey", "too short", "Orders__Query__CursorKey")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, string value, string name)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:orders"] = "Host=127.0.0.1;Port=1" };
        await using var app = QueryService.Build(settings, (setting, value));

        (await Should.ThrowAsync<SettingsException>(app.StartAsync())).Setting.ShouldBe(name);
    }

    [Fact]
    public async Task Without_a_Redis_orders_are_read_from_Postgres()
    {
        await using var stores = await ReadStores.CreateAsync(engines);
        await using var service = await QueryService.StartAsync(stores.Settings, ("ConnectionStrings:redis", null));
        var order = Sample.Order();
        await stores.StoreAsync(order);

        using var answer = await service.Client.GetAsync($"/v1/orders/{order.OrderId}");

        answer.Headers.GetValues("X-Served-By").Single().ShouldBe("postgres");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(OrderJson.Render(order));
    }

    [Fact]
    public async Task Every_route_asks_for_a_key_that_may_read()
    {
        await using var stores = await ReadStores.CreateAsync(engines);
        await using var service = await QueryService.StartAsync(stores.Settings, ("Orders:Keys:1:Scopes", "orders:write"));
        using var anonymous = new HttpClient { BaseAddress = service.Address };

        foreach (var path in new[] { $"/v1/orders/{Sample.Order().OrderId}", "/v1/orders", "/v1/status" })
        {
            (await anonymous.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await service.Limited.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await service.Client.PostAsync(path, content: null)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        }
    }
}
