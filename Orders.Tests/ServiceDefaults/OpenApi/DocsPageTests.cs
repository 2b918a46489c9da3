using System.Net;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class DocsPageTests
{
    [Fact]
    public async Task The_page_is_open_and_all_that_it_needs_comes_from_the_service()
    {
        await using var service = await TestService.StartAsync(TestService.Production, TestService.Key());

        var page = await service.Anonymous.GetStringAsync("/docs");

        var needs = Addresses(page).Where(address => !address.StartsWith("data:", StringComparison.Ordinal)).Distinct().ToList();
        needs.ShouldBe(["/docs/docs.css", "/docs/docs.js", "/openapi/v1.json"], ignoreOrder: true);
        foreach (var address in needs)
        {
            using var answer = await service.Anonymous.GetAsync(address);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
            var text = await answer.Content.ReadAsStringAsync();
            text.Replace(service.Address.ToString(), "/", StringComparison.Ordinal).ShouldNotContain("://", Case.Insensitive, address);
        }
    }

    [Theory]
    [InlineData("/docs", "text/html; charset=utf-8")]
    [InlineData("/docs/docs.css", "text/css; charset=utf-8")]
    [InlineData("/docs/docs.js", "text/javascript; charset=utf-8")]
    public async Task The_browser_is_told_to_ask_nobody_else(string path, string contentType)
    {
        await using var service = await TestService.StartAsync();

        using var answer = await service.Anonymous.GetAsync(path);

        answer.Content.Headers.ContentType!.ToString().ShouldBe(contentType);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self';");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
    }

    private static IEnumerable<string> Addresses(string page) => page.Split('"').Chunk(2)
        .Where(pair => pair[0].EndsWith("href=", StringComparison.Ordinal) || pair[0].EndsWith("src=", StringComparison.Ordinal)).Select(pair => pair[1]);
}
