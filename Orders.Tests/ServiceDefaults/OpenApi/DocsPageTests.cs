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

        page.ShouldContain("orders-test");
        page.ShouldContain("openapi/v1.json");
        page.ShouldNotContain("//");
        var needs = Scripts(page).ToList();
        needs.ShouldBe(["scalar.js", "scalar.aspnetcore.js"]);
        foreach (var address in needs)
        {
            using var answer = await service.Anonymous.GetAsync($"/docs/{address}");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        }
    }

    [Fact]
    public async Task The_browser_is_told_to_ask_nobody_else()
    {
        await using var service = await TestService.StartAsync();

        using var answer = await service.Anonymous.GetAsync("/docs");
        using var again = await service.Anonymous.GetAsync("/docs");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; script-src 'nonce-");
        policy.ShouldContain("connect-src 'self';");
        policy.ShouldNotContain("http");
        again.Headers.GetValues("Content-Security-Policy").Single().ShouldNotBe(policy);
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/scalar.js")]
    public async Task It_leaves_the_sign_in_of_the_browser_alone(string path)
    {
        await using var service = await TestService.StartAsync();

        using var answer = await service.Anonymous.GetAsync(path);

        foreach (var header in new[] { "Set-Cookie", "Clear-Site-Data", "WWW-Authenticate" })
        {
            answer.Headers.Contains(header).ShouldBeFalse(header);
        }
    }

    [Fact]
    public async Task The_key_that_everybody_knows_is_filled_in_where_it_is_taken()
    {
        await using var service = await TestService.StartAsync();

        (await service.Anonymous.GetStringAsync("/docs")).ShouldContain("""{"basic":{"username":"foo","password":"bar"}}""");
    }

    [Fact]
    public async Task No_key_is_filled_in_elsewhere()
    {
        await using var service = await TestService.StartAsync(TestService.Production, TestService.Key());

        (await service.Anonymous.GetStringAsync("/docs")).ShouldNotContain("username");
    }

    private static IEnumerable<string> Scripts(string page) => page.Split('"').Chunk(2)
        .Where(pair => pair[0].EndsWith("src=", StringComparison.Ordinal)).Select(pair => pair[1]);
}
