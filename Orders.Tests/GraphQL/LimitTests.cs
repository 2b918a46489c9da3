using System.Net.Http.Headers;
using System.Text;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>
/// What asks for too much, or cannot be read, is refused before anything is asked for: a 4xx that says what
/// is wrong.
/// </summary>
[Collection(GatewayCollection.Name)]
public sealed class LimitTests(GatewayFixture fixture)
{
    private static readonly string Doubling =
        $"query {{ ...f0 }} {string.Join(' ', Enumerable.Range(0, 60).Select(i => $"fragment f{i} on Query {{ ...f{i + 1} ... on Query {{ ...f{i + 1} }} }}"))} fragment f60 on Query {{ totals {{ hour }} }}";

    private static readonly string Deep =
        $"{{ orders {{ edges {{ node {{ {string.Concat(Enumerable.Repeat("customer { orders { edges { node { ", 4))} orderId {string.Concat(Enumerable.Repeat(" } } } }", 4))} }} }} }} }}";

    public static TheoryData<string, string, string> Refused => new()
    {
        { Deep, "QUERY_TOO_DEEP", "20 fields deep, and may be 12" },
        { $"{{ {Aliases("totals { hour }")} }}", "QUERY_TOO_COSTLY", "up to 20000 is let through" },
        { "{ orders(first: 100) { edges { node { history(first: 100) { version } } } } }", "QUERY_TOO_COSTLY", "smaller pages with first" },
        { "{ orders(first: 100) { edges { node { customer { orders(first: 50) { edges { node { orderId status } } } } } } } }", "QUERY_TOO_COSTLY", "may cost" },
        { Doubling, "QUERY_TOO_COSTLY", "may cost" },
        { $"{{ {string.Join(' ', Enumerable.Repeat("__typename", 3_000))} }}", "GRAPHQL_PARSE_FAILED", "2000 tokens" },
        { "{ orders {", "GRAPHQL_PARSE_FAILED", "Syntax Error" },
        { "", "GRAPHQL_PARSE_FAILED", "Syntax Error" },
        { "{ nothing }", "GRAPHQL_VALIDATION_FAILED", "\"nothing\"" },
        { "query a { __typename } fragment f on Query { ...f }", "GRAPHQL_VALIDATION_FAILED", "itself" },
        { "query ($first: Int!) { orders(first: $first) { edges { cursor } } }", "BAD_USER_INPUT", "$first" },
        { "query ($first: Int = 100) { orders(first: $first) { edges { node { customer { orders(first: 50) { edges { node { orderId status } } } } } } } }", "QUERY_TOO_COSTLY", "may cost" },
        { "mutation { orders }", "BAD_REQUEST", "written by Orders.Api" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_query_that_asks_for_too_much_or_cannot_be_read_is_refused_with_the_reason(string query, string code, string reason)
    {
        fixture.Upstream.Take();

        var answer = await fixture.Gateway.SendAsync(query);

        answer.Status.ShouldBe(400, answer.Body.ToString());
        answer.Code.ShouldBe(code);
        answer.Message.ShouldContain(reason);
        fixture.Upstream.Take().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[{\"query\":\"{__typename}\"},{\"query\":\"{__typename}\"}]", "application/json", 400, "Batching is not supported")]
    [InlineData("{\"query\":", "application/json", 400, "invalid JSON")]
    [InlineData("7", "application/json", 400, "object")]
    [InlineData("null", "application/json", 400, "object")]
    [InlineData("", "application/json", 400, "JSON")]
    [InlineData("{}", "application/json", 400, "Must provide query string")]
    [InlineData("{\"query\":7}", "application/json", 400, "string")]
    [InlineData("{\"query\":\"{__typename}\",\"variables\":[]}", "application/json", 400, "variables")]
    [InlineData("{\"query\":\"{__typename}\",\"operationName\":\"other\"}", "application/json", 400, "operation")]
    [InlineData("{\"query\":\"{__typename}\",\"operationName\":7}", "application/json", 400, "operation")]
    [InlineData("{__typename}", "text/plain", 415, "application/json")]
    public async Task A_body_that_is_none_is_refused_with_the_reason(string body, string type, int status, string reason)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        using var response = await fixture.Gateway.Client.PostAsync("/graphql", content);

        var answer = await GatewayAnswer.ReadAsync(response);

        answer.Status.ShouldBe(status, answer.Body.ToString());
        answer.Message.ShouldContain(reason);
        answer.Code.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_megabyte_of_query_is_too_large(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = new StringContent($$"""{"query":"{ {{new string(' ', 1 << 20)}} __typename }"}""", MediaTypeHeaderValue.Parse("application/json")),
            Headers = { TransferEncodingChunked = chunked },
        };
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        using var client = new HttpClient(handler) { DefaultRequestHeaders = { Authorization = fixture.Gateway.Client.DefaultRequestHeaders.Authorization } };
        client.BaseAddress = fixture.Gateway.Client.BaseAddress;
        using var response = await client.SendAsync(request);

        var answer = await GatewayAnswer.ReadAsync(response);

        answer.Status.ShouldBe(413);
        answer.Message.ShouldContain("too large");
        // And the connection is good for the next request.
        (await fixture.Gateway.SendAsync("{ __typename }", client: client)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("DELETE", "/graphql", 405)]
    [InlineData("PUT", "/graphql", 405)]
    [InlineData("GET", "/graphql", 400)]
    [InlineData("GET", "/graphql?query={", 400)]
    [InlineData("GET", "/graphql?query={__typename}&variables=7", 400)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("GET", "//", 404)]
    public async Task Another_method_or_address_is_refused_with_the_reason(string method, string address, int status)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(fixture.Gateway.Client.BaseAddress!.OriginalString.TrimEnd('/') + address));
        request.Headers.Add("X-Requested-With", "test");
        using var response = await fixture.Gateway.Client.SendAsync(request);

        var answer = await GatewayAnswer.ReadAsync(response);

        answer.Status.ShouldBe(status, answer.Body.ToString());
        answer.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Introspection_and_GraphiQL_are_for_Development_alone()
    {
        const string Introspection = "{ __schema { queryType { name } } }";
        await using var closed = await GatewayHost.StartAsync(fixture.Upstream.Address, ("ORDERS_ENVIRONMENT", "Production"));

        var answer = await closed.SendAsync(Introspection);
        using var page = await PageAsync(closed);

        (await fixture.Gateway.AskAsync(Introspection)).GetProperty("__schema").GetProperty("queryType").GetProperty("name").GetString().ShouldBe("Query");
        (answer.Status, answer.Code).ShouldBe((400, "GRAPHQL_VALIDATION_FAILED"));
        answer.Message.ShouldContain("introspection");
        ((int)page.StatusCode).ShouldBe(403, "there it is a GET without a header that a form cannot send");
    }

    [Fact]
    public async Task The_page_of_GraphiQL_fetches_nothing_from_elsewhere()
    {
        using var page = await PageAsync(fixture.Gateway);
        var html = await page.Content.ReadAsStringAsync();

        page.EnsureSuccessStatusCode();
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        html.ShouldContain("renderYogaGraphiQL");
        html.ShouldNotContain("<script src");
        html.ShouldNotContain("rel=stylesheet");
        html.ShouldNotContain("unpkg.com");
    }

    [Fact]
    public async Task A_query_may_come_by_GET_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/graphql?query={__typename}") { Headers = { { "X-Requested-With", "test" } } };
        using var response = await fixture.Gateway.Client.SendAsync(request);

        (await GatewayAnswer.ReadAsync(response)).Body.GetProperty("data").GetProperty("__typename").GetString().ShouldBe("Query");
    }

    private static string Aliases(string field) => string.Join(' ', Enumerable.Range(0, 60).Select(number => $"a{number}: {field}"));

    private static async Task<HttpResponseMessage> PageAsync(GatewayHost gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/graphql") { Headers = { Accept = { new("text/html") } } };
        return await gateway.Client.SendAsync(request);
    }
}
