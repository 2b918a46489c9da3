using System.Net;
using System.Text;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Http;

public sealed class HeaderTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Order = """{"merchant_id":"merchant-102","amount":200.00,"currency":"INR"}""";

    private readonly ApiService _api = fixture.Service;

    [Theory]
    [InlineData("User-Agent: caf\u00e9", 201)]
    [InlineData("traceparent: 00-caf\u00e9", 201)]
    [InlineData("tracestate: caf\u00e9", 201)]
    [InlineData("Origin: http://localhost:8081/caf\u00e9", 201)]
    [InlineData("Idempotency-Key: caf\u00e9", 400)]
    [InlineData("Authorization: Basic caf\u00e9", 401)]
    [InlineData("X-Api-Key: caf\u00e9.caf\u00e9", 401)]
    [InlineData("Content-Type: application/json; charset=caf\u00e9", 415)]
    [InlineData("Content-Type: caf\u00e9", 415)]
    public async Task A_header_in_latin_1_is_taken_or_named(string header, int status)
    {
        var (key, others) = header.StartsWith("Auth", StringComparison.Ordinal) ? ("", header) : ("Authorization: Basic Zm9vOmJhcg==\r\n", header);
        var type = header.StartsWith("Content-Type", StringComparison.Ordinal) ? "" : "Content-Type: application/json\r\n";

        var answer = await SendAsync($"POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{key}{type}{others}\r\nContent-Length: {Order.Length}\r\n\r\n{Order}");

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        if (status == 400)
        {
            answer.ShouldContain(header[..header.IndexOf(':', StringComparison.Ordinal)]);
        }
    }

    [Theory]
    [InlineData("caf\u00e9", 400)]
    [InlineData("\"caf\u00e9\"", 412)]
    public async Task An_if_match_in_latin_1_is_judged_as_any_other(string tag, int status)
    {
        var id = await _api.PlaceAsync();

        var answer = await SendAsync($"DELETE /v1/orders/{id} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic Zm9vOmJhcg==\r\nIf-Match: {tag}\r\n\r\n");

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("If-Match");
    }

    [Theory]
    [InlineData("DELETE /v1/orders/caf%E9 HTTP/1.1", 404)]
    [InlineData("DELETE /v1/orders/caf\u00e9 HTTP/1.1", 400)]
    [InlineData("DELETE /v1/caf%E9 HTTP/1.1", 404)]
    [InlineData("DELETE /v1/orders/019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a?caf%E9=caf%E9 HTTP/1.1", 404)]
    [InlineData("DELETE /v1/orders/019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a?caf\u00e9 HTTP/1.1", 400)]
    public async Task A_path_or_query_in_latin_1_is_a_problem(string line, int status)
    {
        var answer = await SendAsync($"{line}\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic Zm9vOmJhcg==\r\n\r\n");

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("about:blank");
    }

    [Theory]
    [InlineData("W/\"1\"", "\"1\"")]
    [InlineData("W/\"1\", W/\"7\"", "\"1\"")]
    public async Task A_weak_tag_is_412_and_the_strong_one_is_told(string ifMatch, string strong)
    {
        var id = await _api.PlaceAsync();

        foreach (var request in new[] { ApiService.Patch(id, "paid", ifMatch), ApiService.Delete(id, ifMatch) })
        {
            using var answer = await _api.Client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
            var detail = (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!;
            detail.ShouldContain("weak");
            detail.ShouldContain($"send {strong}");
        }
    }

    [Fact]
    public async Task A_weak_tag_of_another_version_is_412_in_words_of_both()
    {
        var id = await _api.PlaceAsync();

        using var answer = await _api.Client.SendAsync(ApiService.Patch(id, "paid", "W/\"9\""));

        var detail = (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!;
        detail.ShouldContain("weak");
        detail.ShouldContain("at version 1");
    }

    [Theory]
    [InlineData("/v1/nowhere", "POST", 404)]
    [InlineData("/v1/orders", "PUT", 405)]
    [InlineData("/v1/orders/019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a", "DELETE", 404)]
    [InlineData("/v1/orders/nonsense", "DELETE", 404)]
    public async Task One_type_for_every_problem(string path, string method, int status)
    {
        using var answer = await _api.Client.SendAsync(new HttpRequestMessage(new(method), path));

        ((int)answer.StatusCode).ShouldBe(status);
        (await TestService.ProblemAsync(answer)).GetProperty("type").GetString().ShouldBe("about:blank");
    }

    [Theory]
    [InlineData("true", "/shop")]
    [InlineData("false", "")]
    [InlineData(null, "")]
    public async Task Location_has_the_prefix_where_it_is_trusted(string? setting, string prefix)
    {
        await using var api = await ApiService.StartAsync(_api.Stores, ("Orders:Http:TrustForwardedPrefix", setting));
        for (var time = 0; time < 2; time++)
        {
            using var request = ApiService.Post(Order, $"behind-{setting}");
            request.Headers.Add("X-Forwarded-Prefix", "/shop");
            using var answer = await api.Client.SendAsync(request);

            var id = (await ApiService.JsonAsync(answer)).GetProperty("order_id").GetGuid();
            answer.Headers.Location!.OriginalString.ShouldBe($"{prefix}/v1/orders/{id}");
        }
    }

    private Task<string> SendAsync(string request) => RawHttp.SendAsync(_api.Address, Encoding.Latin1.GetBytes(request));
}
