using System.Net;
using System.Text;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class EncodingTests(ListFixture fixture) : IClassFixture<ListFixture>
{
    private const string Key = "X-Api-Key: everyone.everyone-secret\r\n";

    [Theory]
    [InlineData("User-Agent", 200)]
    [InlineData("traceparent", 200)]
    [InlineData("Accept-Language", 200)]
    [InlineData("If-None-Match", 200)]
    [InlineData("Prefer", 200)]
    [InlineData("Last-Event-ID", 400)]
    public async Task A_header_in_latin_1_is_taken_or_named(string header, int status)
    {
        var path = header == "Last-Event-ID" ? "/v1/changes" : $"/v1/orders/{fixture.Orders[0].OrderId}";

        var answer = await SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{Key}{header}: caf\u00e9\r\n\r\n");

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        if (status == 400)
        {
            answer.ShouldContain(header);
        }
    }

    [Theory]
    [InlineData("/v1/orders/caf%E9", 404)]
    [InlineData("/v1/customers/caf%E9?merchant_id=merchant-a", 404)]
    [InlineData("/v1/products/caf%E9?merchant_id=merchant-a", 404)]
    [InlineData("/v1/orders?merchant_id=caf%E9", 400)]
    [InlineData("/v1/orders?caf%E9=1", 400)]
    [InlineData("/v1/orders?merchant_id=caf\u00e9", 400)]
    [InlineData("/v1/orders/caf\u00e9", 400)]
    [InlineData("/v1/nowhere", 404)]
    public async Task A_path_or_query_in_latin_1_is_a_problem_of_the_one_type(string path, int status)
    {
        var answer = await SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{Key}\r\n");

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("about:blank");
        answer.ShouldContain("\"detail\":");
    }

    [Fact]
    public async Task A_body_in_an_unknown_coding_is_415_here_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders") { Content = Compressed.Content([1], "zstd") };
        using var answer = await fixture.Service.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        string.Join(", ", answer.Headers.GetValues("Accept-Encoding")).ShouldBe("gzip, br, deflate");
        (await TestService.ProblemAsync(answer)).GetProperty("type").GetString().ShouldBe("about:blank");
    }

    [Theory]
    [InlineData("/v1/orders?from=2016-12-31T23:59:60Z")]
    [InlineData("/v1/orders?from=2016-12-31T23:59:60Z&to=2017-01-01T05:29:60%2B05:30")]
    [InlineData("/v1/orders/by-customer?ids=merchant-a/c&from=2016-12-31T23:59:60Z")]
    [InlineData("/v1/totals/hourly?from=2016-12-31T23:59:60Z&to=2017-01-01T02:00:00Z")]
    public async Task A_leap_second_is_taken(string path) => (await fixture.Service.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task The_document_names_the_prefix_where_it_is_trusted()
    {
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings, ("Orders:Http:TrustForwardedPrefix", "true"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.Add("X-Forwarded-Prefix", "/shop");

        using var trusting = await service.Client.SendAsync(request);
        using var plain = await fixture.Service.Client.SendAsync(new(HttpMethod.Get, "/openapi/v1.json") { Headers = { { "X-Forwarded-Prefix", "/shop" } } });

        (await trusting.Content.ReadAsStringAsync()).ShouldContain("/shop");
        (await plain.Content.ReadAsStringAsync()).ShouldNotContain("/shop");
    }

    private Task<string> SendAsync(string request) => RawHttp.SendAsync(fixture.Service.Address, Encoding.Latin1.GetBytes(request));
}
