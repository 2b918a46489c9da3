using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Orders.Api.Cors;
using Orders.ServiceDefaults.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Cors;

public sealed class AllowedOriginsTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Setting = "Orders:Api:AllowedOrigins";

    [Theory]
    [InlineData(null, true, "http://localhost:8081", true)]
    [InlineData(null, true, "http://127.0.0.1:41234", true)]
    [InlineData(null, true, "http://[::1]:8081", true)]
    [InlineData(null, true, "https://shop.example.com", false)]
    [InlineData(null, true, "http://localhost.example.com", false)]
    [InlineData(null, true, "null", false)]
    [InlineData(null, false, "http://localhost:8081", false)]
    [InlineData("https://a.example.com, https://B.example.com:8443/", false, "https://b.example.com:8443", true)]
    [InlineData("https://a.example.com", false, "http://a.example.com", false)]
    [InlineData("https://a.example.com", true, "http://localhost:8081", false)]
    public void Pages_of_this_machine_may_in_Development_and_elsewhere_those_that_are_named(string? setting, bool isDevelopment, string origin, bool may) =>
        AllowedOrigins.Read(Configuration(setting), isDevelopment).Allow(origin).ShouldBe(may);

    [Theory]
    [InlineData("*")]
    [InlineData("https://a.example.com/console")]
    [InlineData("https://a.example.com,example.com")]
    public void What_is_no_origin_is_told(string setting)
    {
        var problem = Should.Throw<SettingsException>(() => AllowedOrigins.Read(Configuration(setting), isDevelopment: true));
        problem.Setting.ShouldBe("Orders__Api__AllowedOrigins");
    }

    [Fact]
    public async Task A_browser_is_told_that_a_page_of_this_machine_may_send_orders_with_a_key()
    {
        using var leave = await AskLeaveAsync("http://localhost:8081");
        leave.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        leave.Headers.GetValues("Access-Control-Allow-Origin").Single().ShouldBe("http://localhost:8081");
        leave.Headers.GetValues("Access-Control-Allow-Methods").Single().ShouldContain("DELETE");
        leave.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("Idempotency-Key");
        leave.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();

        using var refused = await AskLeaveAsync("https://shop.example.com");
        refused.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task An_error_can_be_read_by_the_page_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders") { Headers = { { "Origin", "http://localhost:8081" } }, Content = JsonContent.Create(new { }) };
        using var answer = await fixture.Service.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.GetValues("Access-Control-Allow-Origin").Single().ShouldBe("http://localhost:8081");
        answer.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("Retry-After");

        using var client = new HttpClient { BaseAddress = fixture.Service.Address };
        using var unsigned = new HttpRequestMessage(HttpMethod.Post, "/v1/orders") { Headers = { { "Origin", "http://localhost:8081" } } };
        using var refused = await client.SendAsync(unsigned);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Headers.Contains("Access-Control-Allow-Origin").ShouldBeTrue();
    }

    // Without a key, as browsers do.
    private async Task<HttpResponseMessage> AskLeaveAsync(string origin)
    {
        using var client = new HttpClient { BaseAddress = fixture.Service.Address };
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/orders")
        {
            Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization,content-type,idempotency-key" } },
        };
        return await client.SendAsync(request);
    }

    private static IConfiguration Configuration(string? setting) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(Setting, setting)]).Build();
}
