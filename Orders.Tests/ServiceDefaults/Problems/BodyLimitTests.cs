using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;
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

        var answer = await SendAsync(service, BodyLimit.MaxBytes, chunked);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("1048576");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_byte_more_is_a_413_problem(bool chunked)
    {
        await using var service = await TestService.StartAsync();

        var answer = await SendAsync(service, BodyLimit.MaxBytes + 1, chunked);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await TestService.ProblemAsync(answer);
        service.Logs.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_json_body_that_the_platform_binds_obeys_the_same_limit(bool chunked)
    {
        await using var service = await TestService.StartAsync(map: app => app.MapPost("/text", (Text text) => text.Value.Length).RequireScope(Scopes.OrdersWrite));
        const string around = """{"value":""}""";

        var fits = await service.Client.SendAsync(Json((int)BodyLimit.MaxBytes - around.Length, chunked));
        var refused = await service.Client.SendAsync(Json((int)BodyLimit.MaxBytes - around.Length + 1, chunked));

        fits.StatusCode.ShouldBe(HttpStatusCode.OK);
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await TestService.ProblemAsync(refused);
    }

    private static HttpRequestMessage Json(int length, bool chunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/text")
        {
            Content = new StringContent($$"""{"value":"{{new string('x', length)}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;
        return request;
    }

    private static async Task<HttpResponseMessage> SendAsync(TestService service, long bytes, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/bytes") { Content = new ByteArrayContent(new byte[bytes]) };
        request.Headers.TransferEncodingChunked = chunked;
        return await service.Client.SendAsync(request);
    }

    private sealed record Text(string Value);
}
