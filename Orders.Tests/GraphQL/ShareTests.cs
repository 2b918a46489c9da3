using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>A key has its share of the gateway, and another's flood does not touch it.</summary>
[Collection(GatewayCollection.Name)]
public sealed class ShareTests(GatewayFixture fixture) : IDisposable
{
    private const string List = "{ orders(first: 1) { pageInfo { hasNextPage } } }";
    private const string Subscription = "subscription { orderChanged { orderId } }";

    public void Dispose() => fixture.Upstream.Instead = null;

    [Fact]
    public async Task A_key_has_so_many_operations_under_way_and_no_more()
    {
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address, ("GRAPHQL_KEY_OPERATIONS", "2"));
        using var shop = gateway.ClientOf("shop", "shop-secret");
        var free = HoldOrders();
        var held = new[] { gateway.SendAsync(List, client: shop), gateway.SendAsync(List, client: shop) };
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Upstream.Open == 2));

        var refused = await gateway.SendAsync("{ __typename }", client: shop);

        (refused.Status, refused.Code).ShouldBe((429, "RATE_LIMITED"));
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await gateway.SendAsync("{ __typename }")).Status.ShouldBe(200, "another key has its own share");
        free.SetResult();
        (await Task.WhenAll(held)).ShouldAllBe(answer => answer.Status == 200);
        await Eventually.HoldsAsync(async () => (await gateway.SendAsync("{ __typename }", client: shop)).Status == 200);
    }

    [Fact]
    public async Task A_body_that_does_not_end_is_an_operation_of_its_key()
    {
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address, ("GRAPHQL_KEY_OPERATIONS", "1"));
        using var shop = gateway.ClientOf("shop", "shop-secret");
        using var slow = new TcpClient();
        await slow.ConnectAsync(gateway.Client.BaseAddress!.Host, gateway.Client.BaseAddress.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: shop.shop-secret\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n{"));

        await Eventually.HoldsAsync(async () => (await gateway.SendAsync("{ __typename }", client: shop)).Status == 429);

        (await gateway.SendAsync("{ __typename }")).Status.ShouldBe(200);
        slow.Close();
        await Eventually.HoldsAsync(async () => (await gateway.SendAsync("{ __typename }", client: shop)).Status == 200);
    }

    [Fact]
    public async Task A_key_has_so_many_subscriptions_and_they_are_no_operations()
    {
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address, ("GRAPHQL_KEY_OPERATIONS", "1"), ("GRAPHQL_KEY_SUBSCRIPTIONS", "1"));
        using var shop = gateway.ClientOf("shop", "shop-secret");
        var first = await SubscribeAsync(gateway, shop);
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Upstream.Open == 1));

        using var second = await SubscribeAsync(gateway, shop);
        (await FirstErrorAsync(second)).GetProperty("extensions").GetProperty("code").GetString().ShouldBe("RATE_LIMITED");
        (await gateway.SendAsync("{ __typename }", client: shop)).Status.ShouldBe(200);
        using var other = await SubscribeAsync(gateway, gateway.Client);
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Upstream.Open == 2));

        first.Dispose();
        await Eventually.HoldsAsync(async () =>
        {
            using var again = await SubscribeAsync(gateway, shop);
            using var bound = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
            try
            {
                await FirstErrorAsync(again, bound.Token);
                return false;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        });
    }

    [Fact]
    public async Task A_key_pays_for_what_its_queries_cost()
    {
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address, ("GRAPHQL_KEY_COST_PER_SECOND", "1"));
        using var shop = gateway.ClientOf("shop", "shop-secret");
        var costly = $"{{ {string.Join(' ', Enumerable.Range(0, 30).Select(i => $"a{i}: orders(first: 1) {{ pageInfo {{ hasNextPage }} }}"))} }}";
        (await gateway.SendAsync(costly, client: shop)).Status.ShouldBe(200);
        GatewayAnswer? refused = null;

        await Eventually.HoldsAsync(async () => (refused = await gateway.SendAsync(costly, client: shop)).Status != 200);

        (refused!.Status, refused.Code).ShouldBe((429, "RATE_LIMITED"));
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.FromSeconds(1), "it says when it can be paid");
        (await gateway.SendAsync(costly)).Status.ShouldBe(200, "another key has its own share");
    }

    [Fact]
    public async Task What_cannot_be_parsed_is_paid_for_too()
    {
        await using var gateway = await GatewayHost.StartAsync(
            fixture.Upstream.Address, ("GRAPHQL_KEY_COST_PER_SECOND", "1"), ("GRAPHQL_MAX_COST", "1"), ("GRAPHQL_MAX_BODY_BYTES", "1000"));

        await Eventually.HoldsAsync(async () => (await gateway.SendAsync("{ orders {")).Status == 429);
    }

    private TaskCompletionSource HoldOrders()
    {
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Upstream.Instead = async http =>
        {
            if (http.Request.Path == "/v1/orders")
            {
                await free.Task.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return false;
        };
        return free;
    }

    private static async Task<HttpResponseMessage> SubscribeAsync(GatewayHost gateway, HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Client.BaseAddress!, "/graphql"))
        {
            Content = JsonContent.Create(new { query = Subscription }),
            Headers = { Accept = { MediaTypeWithQualityHeaderValue.Parse("text/event-stream") } },
        };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<JsonElement> FirstErrorAsync(HttpResponseMessage answer, CancellationToken? bound = null)
    {
        using var minute = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var cancellationToken = bound ?? minute.Token;
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            var json = line.StartsWith("data: {", StringComparison.Ordinal) ? line["data: ".Length..] : line;
            if (json.StartsWith('{') && JsonElement.Parse(json).TryGetProperty("errors", out var errors))
            {
                return errors[0];
            }
        }

        throw new InvalidOperationException("The subscription has ended without an error.");
    }
}
