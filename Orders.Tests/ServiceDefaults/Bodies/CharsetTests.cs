using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class CharsetTests
{
    [Theory]
    [InlineData("utf-8", "utf-8")]
    [InlineData("UTF8", "utf-8")]
    [InlineData("us-ascii", "utf-8")]
    [InlineData("iso-8859-1", "iso-8859-1")]
    [InlineData("\"ISO-8859-1\"", "iso-8859-1")]
    [InlineData("latin1", "iso-8859-1")]
    public async Task A_charset_that_is_known_is_read(string charset, string encoding)
    {
        await using var service = await StartAsync();

        using var answer = await PostAsync(service, charset, Encoding.GetEncoding(encoding).GetBytes("""{"value":"café"}"""));

        (answer.StatusCode, await answer.Content.ReadAsStringAsync()).ShouldBe((HttpStatusCode.OK, "café"));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    [InlineData("utf-7")]
    [InlineData("windows-1252")]
    [InlineData("utf-77")]
    [InlineData("shift_jis")]
    public async Task Another_is_415_and_says_what_to_send(string charset)
    {
        await using var service = await StartAsync();

        using var answer = await PostAsync(service, charset, """{"value":"x"}"""u8.ToArray());

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        var detail = (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!;
        detail.ShouldContain(charset);
        detail.ShouldContain("UTF-8");
    }

    private static async Task<HttpResponseMessage> PostAsync(TestService service, string charset, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
        return await service.Anonymous.PostAsync("/text", content);
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(map: app => app.MapPost("/text", (Text text) => text.Value).AllowAnonymous());

    private sealed record Text(string Value);
}
