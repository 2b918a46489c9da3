using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>Who asks comes first: nothing of a request is looked at before its key is known.</summary>
[Collection(GatewayCollection.Name)]
public sealed class SignInTests(GatewayFixture fixture) : IDisposable
{
    private const string Introspection = "{ __schema { queryType { name } } }";

    public void Dispose() => fixture.Upstream.Instead = fixture.Upstream.InsteadOfSignIn = null;

    public static TheoryData<string, string, string?> Requests => new()
    {
        { "POST", Ask(Introspection), "application/json" },
        { "POST", Ask("{ orders {"), "application/json" },
        { "POST", Ask("{ nothing }"), "application/json" },
        { "POST", Ask("{ orders(first: 100) { edges { node { history(first: 100) { version } } } } }"), "application/json" },
        { "POST", Ask("subscription { orderChanged { orderId } }"), "application/json" },
        { "POST", $"[{Ask("{ __typename }")}]", "application/json" },
        { "POST", """{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}""", "application/json" },
        { "POST", "{", "application/json" },
        { "POST", "query={__typename}", "application/x-www-form-urlencoded" },
        { "GET", $"?query={Uri.EscapeDataString(Introspection)}", null },
        { "GET", "?query={&query={", null },
        { "DELETE", "", null },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_wrong_key_is_401_whatever_it_asks_and_however(string method, string what, string? type)
    {
        using var client = fixture.Gateway.ClientOf("foo", "wrong");
        using var request = new HttpRequestMessage(new(method), method == "GET" ? $"/graphql{what}" : "/graphql");
        if (type is not null)
        {
            request.Content = new StringContent(what, MediaTypeHeaderValue.Parse(type));
        }

        request.Headers.Accept.ParseAdd("text/event-stream, application/json, text/html");
        fixture.Upstream.Take();
        using var response = await client.SendAsync(request);
        var answer = await GatewayAnswer.ReadAsync(response);

        answer.Status.ShouldBe(401, answer.Body.ToString());
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Basic");
        (answer.Body.GetProperty("status").GetInt32(), answer.Body.GetProperty("title").GetString()).ShouldBe((401, "Unauthorized"));
        answer.Code.ShouldBe("UNAUTHENTICATED");
        fixture.Upstream.Take().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_api_key_gets_nothing_of_the_right_one_before_it()
    {
        using var client = fixture.Gateway.AnonymousClient();

        (await AskAsync("foo.bar")).ShouldBe(HttpStatusCode.OK);
        (await AskAsync("foo.wrong")).ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync("foo.bar")).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> AskAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new StringContent(Ask("{ __typename }"), MediaTypeHeaderValue.Parse("application/json")) };
            request.Headers.Add("X-Api-Key", key);
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_key_without_the_scope_is_403_for_whatever_needs_no_order_too()
    {
        using var client = fixture.Gateway.ClientOf("writer", "writer-secret");

        var answer = await fixture.Gateway.SendAsync(Introspection, client: client);

        (answer.Status, answer.Code).ShouldBe((403, "FORBIDDEN"));
        answer.Message.ShouldContain("orders:read");
    }

    [Fact]
    public async Task Wrong_keys_are_counted_against_the_address_of_their_caller()
    {
        var settings = GatewayFixture.Settings();
        settings["Orders:RateLimit:FailedSignInsPerSecond"] = "1";
        settings["Orders:RateLimit:FailedSignInBurst"] = "3";
        settings["Orders:Http:TrustedProxies"] = "127.0.0.1, ::1";
        await using var query = await OrdersSystem.StartAsync(fixture.Stores, RunningServices.Query, settings);
        await using var gateway = await GatewayHost.StartAsync(query.Query.BaseAddress!, ("GRAPHQL_TRUST_PROXY", "true"));
        using var guesser = From("192.0.2.1", "guess");
        using var neighbour = From("192.0.2.2", "guess");
        using var right = From("192.0.2.3", "bar");
        GatewayAnswer? refused = null;

        await Eventually.HoldsAsync(async () => (refused = await gateway.SendAsync(Introspection, client: guesser)).Status != 401);

        (refused!.Status, refused.Code).ShouldBe((429, "RATE_LIMITED"));
        refused.Headers.RetryAfter.ShouldNotBeNull();
        refused.Body.GetProperty("retry_after").GetInt32().ShouldBeGreaterThan(0);
        (await gateway.SendAsync(Introspection, client: neighbour)).Status.ShouldBe(401, "it has not guessed yet");
        (await gateway.SendAsync(Introspection, client: right)).Status.ShouldBe(200);

        HttpClient From(string address, string secret)
        {
            var client = gateway.ClientOf("foo", secret);
            client.DefaultRequestHeaders.Add("X-Forwarded-For", $"198.51.100.{Random.Shared.Next(1, 255)}, {address}");
            return client;
        }
    }

    [Fact]
    public async Task A_right_key_is_remembered_for_a_moment_and_a_wrong_one_is_not()
    {
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address);
        using var wrong = gateway.ClientOf("foo", "wrong");
        fixture.Upstream.TakeSignIns();

        for (var i = 0; i < 30; i++)
        {
            (await gateway.SendAsync("{ __typename }")).Status.ShouldBe(200);
        }

        fixture.Upstream.TakeSignIns().Count.ShouldBeInRange(1, 29);
        for (var i = 0; i < 3; i++)
        {
            (await gateway.SendAsync("{ __typename }", client: wrong)).Status.ShouldBe(401);
        }

        fixture.Upstream.TakeSignIns().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_key_that_was_taken_back_stops_though_it_asks_for_nothing_of_Orders_Query()
    {
        (await fixture.Gateway.SendAsync(Introspection)).Status.ShouldBe(200);
        fixture.Upstream.InsteadOfSignIn = async http =>
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await http.Response.WriteAsync("{\"title\":\"Unauthorized\",\"status\":401}");
            return true;
        };

        await Eventually.HoldsAsync(async () => (await fixture.Gateway.SendAsync(Introspection)).Status == 401);
    }

    [Theory]
    [InlineData("slow", "Orders.Query did not answer within 200 ms.")]
    [InlineData("garbled", "")]
    [InlineData("away", "")]
    [InlineData("older", "Orders.Query does not say who asks")]
    public async Task Nobody_is_let_in_while_nobody_says_who_asks(string fault, string message)
    {
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address, ("GRAPHQL_UPSTREAM_TIMEOUT_MS", "200"));
        fixture.Upstream.InsteadOfSignIn = async http =>
        {
            switch (fault)
            {
                case "slow":
                    await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
                case "garbled":
                    await http.Response.WriteAsync("{\"key_id\":");
                    break;
                case "away":
                    http.Abort();
                    break;
                default:
                    http.Response.StatusCode = StatusCodes.Status404NotFound;
                    await http.Response.WriteAsync("{\"title\":\"Not Found\",\"status\":404}");
                    break;
            }

            return true;
        };

        var answer = await gateway.SendAsync(Introspection);

        (answer.Status, answer.Code).ShouldBe((503, "UNAVAILABLE"));
        answer.Message.ShouldStartWith(message);
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "query=%7B__typename%7D")]
    [InlineData("text/plain", """{"query":"{ __typename }"}""")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\n{__typename}\r\n--x--\r\n")]
    [InlineData("application/graphql", "{__typename}")]
    [InlineData(null, """{"query":"{ __typename }"}""")]
    public async Task What_a_form_of_a_foreign_page_can_send_is_refused(string? type, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await fixture.Gateway.Client.PostAsync("/graphql", content);

        var answer = await GatewayAnswer.ReadAsync(response);

        (answer.Status, answer.Code).ShouldBe((415, "BAD_REQUEST"), answer.Body.ToString());
        answer.Message.ShouldContain("application/json");
    }

    [Theory]
    [InlineData(null, null, 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("X-Requested-With", "XMLHttpRequest", 200)]
    [InlineData("x-graphql-yoga-csrf", "1", 200)]
    public async Task A_GET_needs_a_header_that_a_link_cannot_send(string? name, string? value, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/graphql?query={__typename}");
        if (name is not null)
        {
            request.Headers.Add(name, value);
        }

        using var response = await fixture.Gateway.Client.SendAsync(request);

        (await GatewayAnswer.ReadAsync(response)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_GET_with_a_key_in_its_own_header_needs_no_other()
    {
        using var client = fixture.Gateway.AnonymousClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", "foo.bar");

        using var response = await client.GetAsync("/graphql?query={__typename}");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task Health_is_open()
    {
        using var client = fixture.Gateway.AnonymousClient();

        (await client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static string Ask(string query) => $$"""{"query":"{{query}}"}""";
}
