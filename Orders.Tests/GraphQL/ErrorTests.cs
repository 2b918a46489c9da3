using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>
/// What Orders.Query refuses, in GraphQL's words: a code for programs, a sentence for people, never a stack.
/// </summary>
[Collection(GatewayCollection.Name)]
public sealed class ErrorTests(GatewayFixture fixture) : IDisposable
{
    private const string List = "{ orders { edges { node { orderId } } } }";

    public void Dispose() => fixture.Upstream.Instead = null;

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task Without_credentials_nothing_else_is_looked_at(string method)
    {
        using var client = fixture.Gateway.AnonymousClient();
        fixture.Upstream.Take();

        using var request = new HttpRequestMessage(new(method), "/graphql?query={__typename}") { Content = method == "POST" ? new StringContent("{") : null };
        using var response = await client.SendAsync(request);
        var answer = await GatewayAnswer.ReadAsync(response);

        answer.Status.ShouldBe(401);
        answer.Code.ShouldBe("UNAUTHENTICATED");
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Basic");
        fixture.Upstream.Take().ShouldBeEmpty();
    }

    [Fact]
    public async Task Wrong_credentials_are_unauthenticated()
    {
        using var client = fixture.Gateway.ClientOf("foo", "wrong");

        var answer = await fixture.Gateway.SendAsync("""{ order(id: "019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a") { orderId } }""", client: client);

        answer.Status.ShouldBe(401);
        answer.Code.ShouldBe("UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_key_without_the_scope_is_forbidden()
    {
        using var client = fixture.Gateway.ClientOf("writer", "writer-secret");

        var answer = await fixture.Gateway.SendAsync(List, client: client);

        answer.Status.ShouldBe(403);
        answer.Code.ShouldBe("FORBIDDEN");
        answer.Message.ShouldContain("orders:read");
    }

    [Fact]
    public async Task What_is_another_merchants_does_not_exist()
    {
        var id = await fixture.PlaceAsync(new { merchant_id = "merchant-y", amount = 1, currency = "USD" });
        await fixture.SeenAsync(id);
        using var client = fixture.Gateway.ClientOf("shop", "shop-secret");
        const string Query = """query ($id: ID!) { order(id: $id) { orderId } none: order(id: "nonsense") { orderId } customer(id: "customer-1", merchantId: "merchant-a") { customerId } product(id: "product-1") { productId } }""";

        var (owner, other) = (await fixture.Gateway.SendAsync(Query, new { id }), await fixture.Gateway.SendAsync(Query, new { id }, client));

        owner.Body.GetProperty("data").GetProperty("order").GetProperty("orderId").GetString().ShouldBe(id);
        other.Body.ToString().ShouldBe("""{"data":{"order":null,"none":null,"customer":null,"product":null}}""");
    }

    [Theory]
    [InlineData("""{ orders(first: 0) { edges { cursor } } }""", "first", "is not a whole number from 1 to 100.")]
    [InlineData("""{ orders(after: "made-up") { edges { cursor } } }""", "after", "is not a cursor of this service")]
    [InlineData("""{ orders(filter: { from: "yesterday" }) { edges { cursor } } }""", "from", "")]
    [InlineData("""{ orders(filter: { merchantId: "a\u0000b" }) { edges { cursor } } }""", "merchantId", "")]
    [InlineData("""{ customer(id: "", merchantId: "merchant-a") { orders(first: 1) { edges { cursor } } } }""", "id", "is not a text that can be an id")]
    [InlineData("""{ customer(id: "a\u0000b", merchantId: "merchant-a") { orders(first: 1) { edges { cursor } } } }""", "ids", "has, at place 1, what is not an id")]
    [InlineData("""{ orders(first: 1) { edges { node { history(afterVersion: -1) { version } } } } }""", "afterVersion", "is not a version.")]
    [InlineData("""{ customers(ids: []) { customerId } }""", "ids", "takes 1 to 100 ids.")]
    [InlineData("""{ products(ids: ["a/b/c", "a\u0000"]) { productId } }""", "ids", "has 'a\0', which is not an id or merchantId/id")]
    [InlineData("""{ totals(from: "2026-01-01") { hour } }""", "to", "")]
    public async Task Bad_input_names_the_argument_in_the_words_of_the_schema(string query, string field, string problem)
    {
        var answer = await fixture.Gateway.SendAsync(query);

        answer.Code.ShouldBe("BAD_USER_INPUT", answer.Body.ToString());
        answer.Message.ShouldContain(field);
        answer.Error.GetProperty("extensions").GetProperty("fields").GetProperty(field)[0].GetString()!.ShouldStartWith(problem);
        answer.Status.ShouldBe(answer.Body.GetProperty("data").ValueKind == System.Text.Json.JsonValueKind.Null ? 400 : 200);
    }

    [Theory]
    [InlineData("""{ customer(id: "merchant_id") { customerId } }""", "merchantId must say whose 'merchant_id' is meant, since several merchants use that id. Give merchantId.")]
    [InlineData("""{ customers(ids: ["shared", "customer-1"]) { customerId } }""", "ids has 'shared', which must say whose 'shared' is meant, since several merchants use that id. Give merchantId, or write merchantId/shared.")]
    [InlineData("""{ customers(ids: ["'merchant_id' merchant_ids\u0000"]) { customerId } }""", "ids has, at place 1, what is not an id or merchantId/id, each of 1 to 2048 characters without U+0000.")]
    public async Task So_does_a_sentence_of_orders_query(string query, string message)
    {
        foreach (var merchant in new[] { "merchant-s1", "merchant-s2" })
        {
            foreach (var customer in new[] { "shared", "merchant_id" })
            {
                await fixture.SeenAsync(await fixture.PlaceAsync(new { merchant_id = merchant, customer_id = customer, amount = 1, currency = "USD" }));
            }
        }

        (await fixture.Gateway.SendAsync(query)).Message.ShouldBe(message);
    }

    [Fact]
    public async Task Requests_above_the_rate_limit_are_told_when_to_come_back()
    {
        var settings = GatewayFixture.Settings();
        settings["Orders:RateLimit:PerSecond"] = "1";
        settings["Orders:RateLimit:Burst"] = "1";
        await using var slow = await OrdersSystem.StartAsync(fixture.Stores, RunningServices.Query, settings);
        await using var gateway = await GatewayHost.StartAsync(slow.Query.BaseAddress!);
        GatewayAnswer? refused = null;

        await Eventually.HoldsAsync(async () => (refused = await gateway.SendAsync(List)).Status != 200);

        refused!.Status.ShouldBe(429);
        refused.Code.ShouldBe("RATE_LIMITED");
        refused.Error.GetProperty("extensions").GetProperty("retryAfter").GetInt32().ShouldBeGreaterThan(0);
        refused.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_upstream_that_cannot_answer_now_is_unavailable_and_says_when_to_come_back()
    {
        fixture.Upstream.Instead = async http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "7";
            await http.Response.WriteAsync("""{"title":"Service Unavailable","status":503,"detail":"The read model is away."}""");
            return true;
        };

        var answer = await fixture.Gateway.SendAsync(List);

        (answer.Status, answer.Code, answer.Message).ShouldBe((503, "UNAVAILABLE", "The read model is away."));
        answer.Error.GetProperty("extensions").GetProperty("retryAfter").GetInt32().ShouldBe(7);
        answer.Headers.RetryAfter.ShouldBe(RetryConditionHeaderValue.Parse("7"));
    }

    [Fact]
    public async Task A_connection_that_breaks_off_is_unavailable()
    {
        fixture.Upstream.Instead = http =>
        {
            http.Abort();
            return Task.FromResult(true);
        };

        var answer = await fixture.Gateway.SendAsync(List);

        (answer.Status, answer.Code).ShouldBe((503, "UNAVAILABLE"));
    }

    [Fact]
    public async Task An_upstream_that_does_not_answer_in_time_is_unavailable()
    {
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address, ("GRAPHQL_UPSTREAM_TIMEOUT_MS", "50"));
        fixture.Upstream.Instead = async http =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };

        var answer = await gateway.SendAsync(List);

        (answer.Status, answer.Code, answer.Message).ShouldBe((503, "UNAVAILABLE", "Orders.Query did not answer within 50 ms."));
    }

    [Theory]
    [InlineData(500, """{"detail":"secret inside"}""")]
    [InlineData(200, """{"no_orders":1}""")]
    public async Task What_nobody_expected_is_logged_and_told_without_its_inside(int status, string body)
    {
        fixture.Upstream.Instead = async http =>
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(body);
            return true;
        };

        var answer = await fixture.Gateway.SendAsync(List);

        (answer.Status, answer.Code).ShouldBe((500, "INTERNAL"));
        answer.Body.ToString().ShouldNotContain("secret");
        answer.Body.ToString().ShouldNotContain("   at ");
        answer.Body.ToString().ShouldNotContain("TypeError");
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Gateway.Said.Contains(status == 500 ? "secret inside" : "TypeError", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_part_that_fails_leaves_the_others()
    {
        fixture.Upstream.Instead = http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(http.Request.Path == "/v1/products");
        };

        var answer = await fixture.Gateway.SendAsync("""{ orders(first: 2, filter: { merchantId: "merchant-a" }) { edges { node { amount items { product { unitPrice } } } } } }""");

        answer.Status.ShouldBe(200);
        answer.Code.ShouldBe("UNAVAILABLE");
        answer.Body.GetProperty("data").GetProperty("orders").GetProperty("edges").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task The_callers_key_and_trace_go_along()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var client = fixture.Gateway.AnonymousClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", "foo.bar");
        client.DefaultRequestHeaders.Add("traceparent", Trace);
        client.DefaultRequestHeaders.Add("tracestate", "vendor=1");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.7");
        client.DefaultRequestHeaders.Add("Cookie", "not=passed-on");
        fixture.Upstream.Take();

        (await fixture.Gateway.SendAsync(List, client: client)).Status.ShouldBe(200);

        var headers = fixture.Upstream.Take().ShouldHaveSingleItem().Headers;
        headers["X-Api-Key"].ShouldBe("foo.bar");
        headers["traceparent"].ShouldBe(Trace);
        headers["tracestate"].ShouldBe("vendor=1");
        headers["X-Forwarded-For"].ShouldBe("192.0.2.7, 127.0.0.1");
        headers.ContainsKey("Authorization").ShouldBeFalse();
        headers.ContainsKey("Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Behind_a_load_balancer_the_callers_address_is_the_one_that_it_added()
    {
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address, ("GRAPHQL_TRUST_PROXY", "true"));
        gateway.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.1, 192.0.2.7");
        fixture.Upstream.Take();

        await gateway.AskAsync(List);

        fixture.Upstream.Take().ShouldHaveSingleItem().Headers["X-Forwarded-For"].ShouldBe("198.51.100.1, 192.0.2.7");
    }

    [Fact]
    public async Task A_caller_who_leaves_takes_the_upstream_call_along()
    {
        var (arrived, givenUp) = (new TaskCompletionSource(), new TaskCompletionSource());
        fixture.Upstream.Instead = async http =>
        {
            if (!http.Request.Path.StartsWithSegments("/v1/orders", StringComparison.Ordinal))
            {
                return false;
            }

            arrived.TrySetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            givenUp.TrySetResult();
            return true;
        };
        await using var patient = await GatewayHost.StartAsync(fixture.Upstream.Address, ("GRAPHQL_UPSTREAM_TIMEOUT_MS", "600000"));
        using var leaving = new CancellationTokenSource();
        using var body = new StringContent($$"""{"query":"{{List}}"}""", MediaTypeHeaderValue.Parse("application/json"));
        var asked = patient.Client.PostAsync("/graphql", body, leaving.Token);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asked);
        await givenUp.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
