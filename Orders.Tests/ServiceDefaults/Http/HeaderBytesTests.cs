using System.Text;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class HeaderBytesTests
{
    [Theory]
    [InlineData("User-Agent")]
    [InlineData("traceparent")]
    [InlineData("tracestate")]
    [InlineData("baggage")]
    [InlineData("Accept")]
    [InlineData("Accept-Language")]
    [InlineData("Cookie")]
    [InlineData("Referer")]
    [InlineData("Origin")]
    [InlineData("If-None-Match")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Anything")]
    public async Task A_header_in_latin_1_is_taken(string header)
    {
        await using var service = await TestService.StartAsync();

        var answer = await RawHttp.SendAsync(
            service.Address, Encoding.Latin1.GetBytes($"GET /who HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic Zm9vOmJhcg==\r\n{header}: caf\u00e9\r\nConnection: close\r\n\r\n"));

        answer.ShouldStartWith("HTTP/1.1 200 ");
        service.Logs.Errors.ShouldBeEmpty();
    }
}
