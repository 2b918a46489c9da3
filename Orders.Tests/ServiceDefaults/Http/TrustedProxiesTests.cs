using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orders.ServiceDefaults.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class TrustedProxiesTests
{
    private const string Setting = "Orders:Http:TrustedProxies";

    [Theory]
    [InlineData("127.0.0.1", "198.51.100.9, 192.0.2.7", "192.0.2.7")]
    [InlineData("10.0.0.1, 127.0.0.0/8", "192.0.2.7", "192.0.2.7")]
    [InlineData("::1,127.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("127.0.0.1", "nonsense", "127.0.0.1")]
    [InlineData("10.0.0.0/8", "192.0.2.7", "127.0.0.1")]
    [InlineData("", "192.0.2.7", "127.0.0.1")]
    [InlineData(null, "192.0.2.7", "127.0.0.1")]
    public async Task Only_a_named_proxy_says_who_its_client_is(string? proxies, string header, string address)
    {
        await using var service = await StartAsync(proxies);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/address");
        request.Headers.Add("X-Forwarded-For", header);

        (await (await service.Anonymous.SendAsync(request)).Content.ReadAsStringAsync()).ShouldBe(address);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("127.0.0.1/40")]
    [InlineData("127.0.0.1, *")]
    public async Task What_is_no_address_stops_the_start(string proxies) =>
        (await Should.ThrowAsync<SettingsException>(() => StartAsync(proxies))).Setting.ShouldBe("Orders__Http__TrustedProxies");

    private static Task<TestService> StartAsync(string? proxies) => TestService.StartAsync(
        settings: new Dictionary<string, string?> { [Setting] = proxies },
        map: app => app.MapGet("/address", (HttpContext http) => $"{http.Connection.RemoteIpAddress ?? IPAddress.None}").AllowAnonymous());
}
