using System.Net;
using Orders.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class BodyLimitTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_exactly_one_mebibyte_is_read(bool chunked)
    {
        await using var service = await TestService.StartAsync();

        var answer = await SendAsync(service, ServiceDefaultsExtensions.MaxBodyBytes, chunked);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("1048576");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_byte_more_is_a_413_problem(bool chunked)
    {
        await using var service = await TestService.StartAsync();

        var answer = await SendAsync(service, ServiceDefaultsExtensions.MaxBodyBytes + 1, chunked);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await TestService.ProblemAsync(answer);
        service.Logs.Errors.ShouldBeEmpty();
    }

    private static async Task<HttpResponseMessage> SendAsync(TestService service, long bytes, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/bytes") { Content = new ByteArrayContent(new byte[bytes]) };
        request.Headers.TransferEncodingChunked = chunked;
        return await service.Client.SendAsync(request);
    }
}
