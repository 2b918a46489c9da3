using System.Net.Http.Json;
using System.Text.Json;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class LiveChangesTests(TestEngines engines)
{
    [Fact]
    public async Task What_is_written_is_followed_on_the_other_side_and_what_was_written_while_it_was_down_comes_first()
    {
        await using var system = await OrdersSystem.StartAsync(await engines.CreateStoresAsync());
        string seen;
        await using (var follower = await ChangeFollower.ConnectAsync(system.Query))
        {
            var placed = await PlaceAsync(system);
            (await follower.NextAsync()).ToString().ShouldBe($"placed {placed} 1");
            using var paid = await system.Api.PatchAsJsonAsync($"/v1/orders/{placed}", new { status = "paid" });
            var change = await follower.NextAsync();
            change.ToString().ShouldBe($"changed {placed} 2");
            change.Data.GetProperty("order").GetProperty("status").GetString().ShouldBe("paid");
            using var deleted = await system.Api.DeleteAsync($"/v1/orders/{placed}");
            (await follower.NextAsync()).ToString().ShouldBe($"deleted {placed} 3");
            seen = follower.LastEventId;

            await system.StopAsync(RunningServices.Query);
            (await follower.TryNextAsync()).ShouldBeNull();
        }

        var missed = await PlaceAsync(system);
        await system.StartAsync(RunningServices.Query);
        await using var resumed = await ChangeFollower.ConnectAsync(system.Query, lastEventId: seen);
        (await resumed.NextAsync()).ToString().ShouldBe($"placed {missed} 1");
        var next = await PlaceAsync(system);
        (await resumed.NextAsync()).ToString().ShouldBe($"placed {next} 1");
    }

    private static async Task<Guid> PlaceAsync(OrdersSystem system)
    {
        using var answer = await system.Api.PostAsJsonAsync("/v1/orders", new { merchant_id = "merchant-102", amount = 200.00m, currency = "INR" });
        answer.EnsureSuccessStatusCode();
        using var order = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return order.RootElement.GetProperty("order_id").GetGuid();
    }
}
