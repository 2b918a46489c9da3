using System.Text;
using System.Text.Json;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>Bodies and headers in other encodings than plain UTF-8.</summary>
[Collection(GatewayCollection.Name)]
public sealed class EncodingTests(GatewayFixture fixture)
{
    private const string Query = """{"query":"{ __typename }"}""";
    private const string Answer = """{"data":{"__typename":"Query"}}""";

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("BR")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task A_body_in_a_known_coding_is_read(string coding)
    {
        var answer = await PostAsync(Compressed.Content(Query, coding));

        (answer.Status, answer.Body.ToString()).ShouldBe((200, Answer));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, br")]
    public async Task Another_is_415_and_the_known_ones_are_told(string coding)
    {
        var answer = await PostAsync(Compressed.Content(Encoding.UTF8.GetBytes(Query), coding));

        (answer.Status, answer.Code).ShouldBe((415, "BAD_REQUEST"));
        string.Join(", ", answer.Headers.GetValues("Accept-Encoding")).ShouldBe("gzip, br, deflate");
        answer.Message.ShouldContain("Content-Encoding");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task What_is_not_in_its_coding_or_cut_off_is_400(string coding)
    {
        foreach (var bytes in new[] { Encoding.UTF8.GetBytes(Query), Compressed.Of(Encoding.UTF8.GetBytes(Query), coding)[..^1] })
        {
            var answer = await PostAsync(Compressed.Content(bytes, coding));

            (answer.Status, answer.Code).ShouldBe((400, "BAD_REQUEST"));
            answer.Message.ShouldBe($"Content-Encoding {Refusal(coding)}");
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task What_goes_on_behind_its_end_is_400_in_the_words_of_orders_api(string coding)
    {
        var whole = Compressed.Of(Encoding.UTF8.GetBytes(Query), coding);
        foreach (var tail in new byte[][] { [.. "x"u8], [0], new byte[100], [.. "junk"u8], whole[..1], whole[..^1], [.. whole, 1] })
        {
            var answer = await PostAsync(Compressed.Content([.. whole, .. tail], coding));
            (answer.Status, answer.Code, answer.Message).ShouldBe((400, "BAD_REQUEST", $"Content-Encoding {Refusal(coding)}"), Convert.ToHexString(tail));

            using var order = await fixture.System.Api.PostAsync("/v1/orders", Compressed.Content([.. whole, .. tail], coding));
            (await TestService.ProblemAsync(order)).GetProperty("errors").GetProperty("Content-Encoding")[0].GetString().ShouldBe(Refusal(coding), Convert.ToHexString(tail));
        }
    }

    [Fact]
    public async Task Members_of_gzip_may_follow_one_another()
    {
        var answer = await PostAsync(Compressed.Content([.. Compressed.Of(Encoding.UTF8.GetBytes(Query[..10]), "gzip"), .. Compressed.Of(Encoding.UTF8.GetBytes(Query[10..]), "gzip")], "gzip"));

        (answer.Status, answer.Body.ToString()).ShouldBe((200, Answer));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task What_unfolds_to_more_than_a_body_may_have_is_413(string coding)
    {
        var answer = await PostAsync(Compressed.Content(Compressed.Of(new byte[50_000_000], coding), coding));

        (answer.Status, answer.Code).ShouldBe((413, "REQUEST_ENTITY_TOO_LARGE"));
    }

    [Theory]
    [InlineData("utf-8", "utf-8")]
    [InlineData("\"UTF-8\"", "utf-8")]
    [InlineData("utf8", "utf-8")]
    [InlineData("us-ascii", "utf-8")]
    [InlineData("ISO-8859-1", "iso-8859-1")]
    [InlineData("latin1", "iso-8859-1")]
    public async Task A_known_charset_is_read(string charset, string encoding)
    {
        using var content = new ByteArrayContent(Encoding.GetEncoding(encoding).GetBytes("""{"query":"query ($s: OrderStatus) { orders(first: 1, filter: { status: $s }) { edges { cursor } } }","variables":{"s":"café"}}"""));
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

        (await PostAsync(content)).Message.ShouldContain("\"café\"");
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("windows-1252")]
    [InlineData("nonsense")]
    public async Task Another_charset_is_415(string charset)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Query));
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

        var answer = await PostAsync(content);

        (answer.Status, answer.Code).ShouldBe((415, "BAD_REQUEST"));
        answer.Message.ShouldContain("UTF-8");
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_body()
    {
        var answer = await PostAsync(Json([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Query)]));

        (answer.Status, answer.Body.ToString()).ShouldBe((200, Answer));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task Utf_16_and_32_are_400_with_and_without_a_mark(string encoding)
    {
        var codec = Encoding.GetEncoding(encoding);
        foreach (var mark in new[] { codec.GetPreamble(), [] })
        {
            var answer = await PostAsync(Json([.. mark, .. codec.GetBytes(Query)]));

            (answer.Status, answer.Code).ShouldBe((400, "BAD_REQUEST"));
            answer.Message.ShouldContain("UTF-8");
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_utf_8_are_400()
    {
        var answer = await PostAsync(Json([.. """{"query":"{ order(id: \"caf"""u8, 0xE9, .. "\\\") { orderId } }\"}"u8]));

        (answer.Status, answer.Code).ShouldBe((400, "BAD_REQUEST"));
        answer.Message.ShouldContain("UTF-8");
    }

    [Fact]
    public async Task What_is_compressed_and_does_not_say_so_is_told_to()
    {
        var answer = await PostAsync(Json(Compressed.Of(Encoding.UTF8.GetBytes(Query), "gzip")));

        answer.Status.ShouldBe(400);
        answer.Message.ShouldContain("Content-Encoding: gzip");
    }

    [Theory]
    [InlineData("""{"query":""")]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"qu\u0065ry":1}""")]
    public async Task A_body_that_is_no_question_says_what_to_send(string body)
    {
        var answer = await PostAsync(Json(Encoding.UTF8.GetBytes(body)));

        answer.Status.ShouldBe(400);
        answer.Message.ShouldContain("query");
        answer.Message.ShouldNotContain("Unexpected token");
    }

    [Theory]
    [InlineData("""{"query":"{ __typename }","query":"{ __typename }"}""", "query")]
    [InlineData("""{"query":"{ __typename }","qu\u0065ry" : "{ x }"}""", "query")]
    [InlineData("""{"query":"{ __typename }","variables":{"filter":{"status":"PAID","currency":"USD","status":"PLACED"}}}""", "variables.filter.status")]
    [InlineData("""{"query":"{ __typename }","variables":{"ids":[{},{"a":1,"b":[2],"a":1}]}}""", "variables.ids.a")]
    [InlineData("""{"query":"{ __typename }","extensions":{"\"":1,"{":2,"\u0022":3}}""", "extensions.\"")]
    public async Task A_name_that_is_there_twice_is_400_and_named(string body, string name)
    {
        var answer = await PostAsync(Json(Encoding.UTF8.GetBytes(body)));

        (answer.Status, answer.Code, answer.Message).ShouldBe((400, "BAD_REQUEST", $"{name} is given more than once."));
    }

    [Fact]
    public async Task A_name_may_be_that_of_another_object_or_a_text()
    {
        var answer = await PostAsync(Json("""{"query":"{ __typename }","variables":{"query":"query","a":[{"a":"a"},{"a":"a"}],"b":{"a":["b","b"]},"\"":":"},"extensions":{"variables":{}}}"""u8.ToArray()));

        (answer.Status, answer.Body.ToString()).ShouldBe((200, Answer));
    }

    [Theory]
    [InlineData("query={__typename}&query={__typename}", "query")]
    [InlineData("query={__typename}&variables={}&variables={}", "variables")]
    [InlineData("query={__typename}&variables={\"a\":1,\"a\":2}", "variables.a")]
    [InlineData("query={__typename}&extensions={\"a\":{\"b\":1,\"b\":2}}", "extensions.a.b")]
    public async Task So_is_one_in_an_address(string parameters, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/graphql?{parameters}") { Headers = { { "X-Requested-With", "test" } } };
        using var asked = await fixture.Gateway.Client.SendAsync(request);
        var answer = await GatewayAnswer.ReadAsync(asked);

        (answer.Status, answer.Code, answer.Message).ShouldBe((400, "BAD_REQUEST", $"{name} is given more than once."));
    }

    [Theory]
    [InlineData("application/vnd.shop.v1+json")]
    [InlineData("application/graphql+json; charset=iso-8859-1")]
    [InlineData("TEXT/X+JSON")]
    public async Task Any_media_type_that_is_json_is_read_as_orders_api_reads_it(string mediaType)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Query));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        var answer = await PostAsync(content);
        (answer.Status, answer.Body.ToString()).ShouldBe((200, Answer));

        using var order = new ByteArrayContent("""{"merchant_id":"merchant-json","amount":1,"currency":"USD"}"""u8.ToArray());
        order.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var placed = await fixture.System.Api.PostAsync("/v1/orders", order);
        ((int)placed.StatusCode).ShouldBe(201);
    }

    [Theory]
    [InlineData("text/json")]
    [InlineData("application/json+xml")]
    [InlineData("application/vnd.json")]
    public async Task Another_is_415_as_there(string mediaType)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Query));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        (await PostAsync(content)).Status.ShouldBe(415);

        using var order = new ByteArrayContent("""{"merchant_id":"merchant-json","amount":1,"currency":"USD"}"""u8.ToArray());
        order.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var placed = await fixture.System.Api.PostAsync("/v1/orders", order);
        ((int)placed.StatusCode).ShouldBe(415);
    }

    [Fact]
    public async Task A_name_with_escapes_is_the_same_name() =>
        (await PostAsync(Json("""{"qu\u0065ry":"{ __typename }"}"""u8.ToArray()))).Body.ToString().ShouldBe(Answer);

    [Theory]
    [InlineData("User-Agent")]
    [InlineData("traceparent")]
    [InlineData("tracestate")]
    [InlineData("X-Forwarded-For")]
    public async Task A_header_in_latin_1_is_taken_and_passed_on(string header)
    {
        const string Body = """{"query":"{ orders(first: 1) { pageInfo { hasNextPage } } }"}""";
        await using var gateway = await GatewayHost.StartAsync(fixture.System.Query.BaseAddress!);

        var answer = await RawAsync(gateway, $"POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic Zm9vOmJhcg==\r\nContent-Type: application/json\r\n{header}: caf\u00e9\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldContain("hasNextPage");
    }

    [Theory]
    [InlineData("Authorization: Basic caf\u00e9")]
    [InlineData("X-Api-Key: caf\u00e9.caf\u00e9")]
    public async Task Credentials_in_latin_1_are_wrong_ones(string header)
    {
        const string Body = """{"query":"{ orders(first: 1) { pageInfo { hasNextPage } } }"}""";
        await using var gateway = await GatewayHost.StartAsync(fixture.System.Query.BaseAddress!);

        var answer = await RawAsync(gateway, $"POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{header}\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        answer.ShouldStartWith("HTTP/1.1 401 ");
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET /graphql HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", 400)]
    [InlineData("GET /graphql HTTP/1.1\r\n\r\n", 400)]
    [InlineData("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("LONG", 431)]
    [InlineData("GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("DELETE /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Api-Key: foo.bar\r\n\r\n", 405)]
    [InlineData("CONNECT x:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n", 405)]
    [InlineData("POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Api-Key: foo.bar\r\nContent-Type: text/csv\r\nContent-Length: 1\r\n\r\nx", 415)]
    public async Task Whatever_is_refused_has_words_and_a_code(string request, int status)
    {
        var answer = await RawAsync(fixture.Gateway, request == "LONG" ? $"GET /graphql HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('x', 40_000)}\r\n\r\n" : request);

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var error = JsonElement.Parse(body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)]).GetProperty("errors")[0];
        error.GetProperty("message").GetString()!.Length.ShouldBeGreaterThan(20);
        error.GetProperty("extensions").GetProperty("code").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task An_expectation_that_is_not_known_is_417_in_words_and_no_body_is_waited_for()
    {
        var answer = await RawAsync(fixture.Gateway, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: foo.bar\r\nExpect: 200-ok\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 417 ");
        answer.ShouldContain("Content-Type: application/json");
        answer.ShouldContain("""{"errors":[{"message":"The header Expect says '200-ok': only 100-continue can be met.","extensions":{"code":"BAD_REQUEST"}}]}""");
    }

    [Theory]
    [InlineData("2016-12-31T23:59:60Z")]
    [InlineData("2017-01-01T05:29:60.5+05:30")]
    [InlineData("2026-01-31t09:30:00z")]
    public async Task A_time_is_taken_as_orders_query_takes_it(string time) =>
        await fixture.Gateway.AskAsync("query ($from: DateTime) { orders(first: 1, filter: { from: $from }) { pageInfo { hasNextPage } } }", new { from = time });

    private static string Refusal(string coding) => $"says {coding}, and the body is not in that coding, is cut off, or goes on behind its end.";

    private static ByteArrayContent Json(byte[] bytes) => new(bytes) { Headers = { ContentType = new("application/json") } };

    private static Task<string> RawAsync(GatewayHost gateway, string request) => RawHttp.SendAsync(gateway.Client.BaseAddress!, Encoding.Latin1.GetBytes(request));

    private async Task<GatewayAnswer> PostAsync(HttpContent content)
    {
        using var answer = await fixture.Gateway.Client.PostAsync("/graphql", content);
        return await GatewayAnswer.ReadAsync(answer);
    }
}
