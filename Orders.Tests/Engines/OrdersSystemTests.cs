using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

public sealed class OrdersSystemTests(TestEngines engines)
{
    [Fact]
    public async Task An_order_goes_from_the_post_to_the_read_and_its_deletion_after_it()
    {
        await using var system = await OrdersSystem.StartAsync(await engines.CreateStoresAsync());
        using var body = JsonContent.Create(new { merchant_id = "merchant-102", amount = 200.00m, currency = "INR" });
        using var placed = await system.Api.PostAsync("/v1/orders", body);
        placed.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await placed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString();

        await Eventually.HoldsAsync(() => IsReadAsync(HttpStatusCode.OK));
        (await system.Query.GetFromJsonAsync<JsonElement>("/v1/orders/" + id)).GetProperty("amount").GetDecimal().ShouldBe(200.00m);

        (await system.Api.DeleteAsync("/v1/orders/" + id)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(() => IsReadAsync(HttpStatusCode.NotFound));

        async Task<bool> IsReadAsync(HttpStatusCode expected)
        {
            using var answer = await system.Query.GetAsync("/v1/orders/" + id);
            return answer.StatusCode == expected;
        }
    }

    [Fact]
    public async Task One_service_is_stopped_and_started_while_the_others_go_on()
    {
        await using var system = await OrdersSystem.StartAsync(await engines.CreateStoresAsync(), RunningServices.Api | RunningServices.Query);
        using var body = JsonContent.Create(new { merchant_id = "merchant-102", amount = 1m, currency = "USD" });
        (await system.Api.PostAsync("/v1/orders", body)).StatusCode.ShouldBe(HttpStatusCode.Created);

        await system.StopAsync(RunningServices.Query);
        Should.Throw<KeyNotFoundException>(() => system.Query);
        await system.StartAsync(RunningServices.Query);

        using var answer = await system.Query.GetAsync("/health/live");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
