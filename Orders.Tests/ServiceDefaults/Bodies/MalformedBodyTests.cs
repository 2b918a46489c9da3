using System.Text;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults.Bodies;

/// <summary>What fails while a body is read is the client's error, whatever the exception.</summary>
public sealed class MalformedBodyTests
{
    [Theory]
    [InlineData("zz\r\nabc\r\n0\r\n\r\n")]
    [InlineData("-5\r\nabc\r\n0\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData("5\r\nabcdefgh\r\n0\r\n\r\n")]
    [InlineData("7FFFFFFFFFFFFFFF\r\nabc\r\n")]
    [InlineData("FFFFFFFFFFFFFFFF\r\nabc\r\n")]
    [InlineData("10000000000000000\r\nabc\r\n")]
    [InlineData("80000000\r\nabc\r\n")]
    [InlineData("3\r\nabc\r\nFFFFFFFFFFFFFFFFFFFFF\r\n")]
    public async Task Malformed_chunks_are_a_400(string chunks)
    {
        await using var service = await TestService.StartAsync();
        foreach (var headers in new[] { "", "Content-Type: text/plain; charset=latin1\r\n", "Content-Encoding: gzip\r\n", "Content-Encoding: br\r\n" })
        {
            var answer = await RawHttp.SendAsync(service.Address, Encoding.ASCII.GetBytes(
                $"POST /bytes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic Zm9vOmJhcg==\r\nConnection: close\r\n{headers}Transfer-Encoding: chunked\r\n\r\n{chunks}"));

            answer.ShouldStartWith("HTTP/1.1 400 ", customMessage: headers);
        }

        service.Logs.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("+0")]
    [InlineData("-0")]
    [InlineData("+3")]
    [InlineData("3 3")]
    [InlineData("0x3")]
    [InlineData("3,3")]
    [InlineData("9223372036854775808")]
    public async Task A_length_that_is_not_digits_only_is_a_400(string length)
    {
        await using var service = await TestService.StartAsync();

        var answer = await RawHttp.SendAsync(service.Address, Encoding.ASCII.GetBytes(
            $"POST /bytes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic Zm9vOmJhcg==\r\nConnection: close\r\nContent-Length: {length}\r\n\r\nabc"));

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("application/problem+json");
    }

    [Fact]
    public async Task A_length_of_digits_is_read()
    {
        await using var service = await TestService.StartAsync();

        var answer = await RawHttp.SendAsync(service.Address,
            "POST /bytes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic Zm9vOmJhcg==\r\nConnection: close\r\nContent-Length: 003\r\n\r\nabc"u8);

        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldEndWith("3\r\n0\r\n\r\n");
    }
}
