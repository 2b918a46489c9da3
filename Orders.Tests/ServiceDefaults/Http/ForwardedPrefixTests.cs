using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orders.ServiceDefaults.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class ForwardedPrefixTests
{
    private const string Setting = "Orders:Http:TrustForwardedPrefix";

    [Theory]
    [InlineData("/shop", "/shop")]
    [InlineData("/shop/", "/shop")]
    [InlineData("/a/b-c_d.e~f", "/a/b-c_d.e~f")]
    [InlineData("/", "")]
    [InlineData("", "")]
    [InlineData("/outer, /inner", "/outer/inner")]
    public async Task Where_it_is_trusted_the_prefix_is_part_of_every_address(string header, string prefix)
    {
        await using var service = await StartAsync("true");

        (await AskAsync(service, "/base", header)).ShouldBe((200, prefix));
        JsonDocument.Parse((await AskAsync(service, "/openapi/v1.json", header)).Body).RootElement.GetProperty("servers")[0].GetProperty("url").GetString()!
            .TrimEnd('/').ShouldEndWith($":{service.Address.Port}{prefix}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    [InlineData("")]
    public async Task Without_the_setting_never(string? setting)
    {
        await using var service = await StartAsync(setting);

        (await AskAsync(service, "/base", "/shop")).ShouldBe((200, ""));
        (await AskAsync(service, "/base", "//evil.example")).ShouldBe((200, ""));
        (await AskAsync(service, "/openapi/v1.json", "/shop")).Body.ShouldNotContain("/shop");
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("//evil.example")]
    [InlineData("/a//b")]
    [InlineData("/a/../b")]
    [InlineData("/\\evil.example")]
    [InlineData("/shop?x=1")]
    [InlineData("/shop#x")]
    [InlineData("http://evil.example/shop")]
    [InlineData("/caf\u00e9")]
    [InlineData("/caf%C3%A9")]
    [InlineData("/a%2F%2Fb")]
    [InlineData("/.")]
    public async Task What_is_no_prefix_is_400_and_the_header_is_named(string header)
    {
        await using var service = await StartAsync("true");

        var (status, body) = await AskAsync(service, "/base", header);

        status.ShouldBe(400);
        body.ShouldContain("X-Forwarded-Prefix");
    }

    [Fact]
    public async Task A_setting_that_is_neither_true_nor_false_stops_the_start()
    {
        var problem = await Should.ThrowAsync<SettingsException>(() => StartAsync("yes"));

        (problem.Setting, problem.Message.Contains("'yes'", StringComparison.Ordinal)).ShouldBe(("Orders__Http__TrustForwardedPrefix", true));
    }

    private static async Task<(int Status, string Body)> AskAsync(TestService service, string path, string prefix)
    {
        var answer = await RawHttp.SendAsync(service.Address, System.Text.Encoding.Latin1.GetBytes(
            $"GET {path} HTTP/1.0\r\nHost: localhost:{service.Address.Port}\r\nX-Forwarded-Prefix: {prefix}\r\n\r\n"));
        return (int.Parse(answer[9..12]), answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    private static Task<TestService> StartAsync(string? setting) => TestService.StartAsync(
        settings: new Dictionary<string, string?> { [Setting] = setting },
        map: app => app.MapGet("/base", (HttpRequest request) => request.PathBase.ToUriComponent()).AllowAnonymous());
}
