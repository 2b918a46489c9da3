using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

public sealed class OrderTravelsTests(RunningAppHost apphost)
{
    [Fact]
    public async Task An_order_goes_from_the_Api_to_the_Query_and_is_served_from_Redis()
    {
        using var api = await apphost.ClientOfAsync("api");
        using var query = await apphost.ClientOfAsync("query");

        var orderId = await OrderTraffic.PlaceAsync(api);
        var order = await ReadAsync(query, orderId);

        order.GetProperty("merchant_id").GetString().ShouldBe("merchant-102");
        order.GetProperty("amount").GetDecimal().ShouldBe(200.00m);
        order.GetProperty("status").GetString().ShouldBe("placed");
        await apphost.UntilAsync("the order is served from Redis", async token =>
        {
            using var answer = await query.GetAsync(new Uri($"/v1/orders/{orderId}", UriKind.Relative), token);
            return answer.Headers.GetValues("X-Served-By").Single() == "redis";
        });
    }

    [Fact]
    public async Task An_order_can_be_asked_for_in_GraphQL()
    {
        using var api = await apphost.ClientOfAsync("api");
        using var query = await apphost.ClientOfAsync("query");
        using var graphql = await apphost.ClientOfAsync("graphql");
        var orderId = await OrderTraffic.PlaceAsync(api);
        await ReadAsync(query, orderId);

        using var answer = await graphql.PostAsJsonAsync("/graphql", new { query = "query($id: ID!) { order(id: $id) { merchantId amount status } }", variables = new { id = orderId } });

        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"data":{"order":{"merchantId":"merchant-102","amount":"200.00","status":"PLACED"}}}""");
    }

    [Fact]
    public async Task An_order_arrives_in_the_change_feed()
    {
        using var api = await apphost.ClientOfAsync("api");
        using var query = await apphost.ClientOfAsync("query");
        using var feed = await query.GetAsync(new Uri("/v1/changes", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await feed.Content.ReadAsStreamAsync());

        var orderId = await OrderTraffic.PlaceAsync(api);

        await apphost.UntilAsync($"a change of {orderId} is told", async token => (await lines.ReadLineAsync(token))?.Contains(orderId, StringComparison.Ordinal) == true);
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

    private async Task<JsonElement> ReadAsync(HttpClient query, string orderId)
    {
        JsonElement order = default;
        await apphost.UntilAsync($"order {orderId} can be read", async token =>
        {
            using var answer = await query.GetAsync(new Uri($"/v1/orders/{orderId}", UriKind.Relative), token);
            if (!answer.IsSuccessStatusCode)
            {
                return false;
            }

            order = await answer.Content.ReadFromJsonAsync<JsonElement>(token);
            return true;
        });
        return order;
    }

    private static async Task<bool> MayAsync(HttpClient api, string page)
    {
        using var asks = new HttpRequestMessage(HttpMethod.Options, "/v1/orders") { Headers = { { "Origin", page }, { "Access-Control-Request-Method", "POST" } } };
        using var answer = await api.SendAsync(asks);
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) && allowed.Contains(page, StringComparer.Ordinal);
    }
}
