using System.Collections.Concurrent;
using Microsoft.Playwright;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Orders.Tests.Browser;

public sealed class DocsPageTests
{
    [Fact]
    public async Task An_operation_can_be_tried_with_the_local_key_and_nothing_else_is_asked()
    {
        var chromium = Chromium.Find();
        Assert.SkipWhen(chromium is null, Chromium.Absent);
        await using var service = await TestService.StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright, chromium!);
        var page = await browser.NewPageAsync();
        var (asked, faults) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        page.Request += (_, request) => asked.Add(request.Url);
        page.PageError += (_, error) => faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                faults.Add(message.Text);
            }
        };
        await page.AddInitScriptAsync("sessionStorage.setItem('key', 'of the console')");

        await page.GotoAsync(new Uri(service.Address, "/docs").AbsoluteUri);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test Request" }).First.ClickAsync();
        var answer = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Send" }).First.ClickAsync(),
            response => response.Url.EndsWith("/who", StringComparison.Ordinal));

        answer.Status.ShouldBe(200);
        (await answer.TextAsync()).ShouldContain("foo");
        await Expect(page.GetByText("200").First).ToBeVisibleAsync();
        asked.ShouldAllBe(url => url.StartsWith(service.Address.AbsoluteUri, StringComparison.Ordinal));
        faults.ShouldBeEmpty();
        (await page.EvaluateAsync<string>("sessionStorage.getItem('key')")).ShouldBe("of the console");
    }
}
