using Microsoft.Playwright;
using Orders.Tests.Browser;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;
using static Orders.Tests.Warehouse.Embedded.ViewLake;

namespace Orders.Tests.Warehouse.Analytics;

public sealed class AnalyticsPageTests : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private AnalyticsService _service = null!;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Find() is not { } chromium)
        {
            return;
        }

        _service = await AnalyticsService.StartAsync();
        _service.Lake.Write("0-a", [.. Enumerable.Range(1, 12).SelectMany(order => new[]
        {
            Change(order, 1, order * 10, "placed", "placed", $"{order}.10"), Change(order, 2, (order * 10) + 1, "changed", order % 4 == 0 ? "cancelled" : "shipped", $"{order}.10"),
        }).Select(change => $"SELECT * REPLACE (now() - INTERVAL 1 HOUR AS placed_at, now() AS changed_at) FROM ({change})")]);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright, chromium);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
            await _service.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    [Fact]
    public async Task Every_question_is_drawn_with_its_SQL_and_its_values()
    {
        _service?.Lake.WriteTo("merchants_changes/day=2026-11-30/0-a.parquet", Merchant("insert", "m-0", "Zero", 1), Merchant("insert", "m-1", "One", 1));
        await using var tab = await OpenAsync();
        foreach (var question in new[] { "revenue", "merchants", "products", "funnel", "cancellations" })
        {
            var card = tab.Page.Locator($"[data-question={question}]");
            await Expect(card.Locator("svg .bar").First).ToBeVisibleAsync();
            await Expect(card.Locator("pre")).ToContainTextAsync("SELECT");
            (await card.Locator(".chart").GetAttributeAsync("aria-label"))!.ShouldNotContain("undefined");
            await card.Locator("summary").Last.ClickAsync();
            await Expect(card.Locator("tbody tr").First).ToBeVisibleAsync();
        }

        await Expect(tab.Page.Locator("[data-question=merchants] svg")).ToContainTextAsync("IN · One");
    }

    [Fact]
    public async Task A_question_that_lacks_its_table_says_so_and_the_others_are_drawn()
    {
        await using var tab = await OpenAsync("status of 404");

        await Expect(tab.Page.Locator("[data-question=merchants] .empty")).ToContainTextAsync("merchants is not in the lake");
        await Expect(tab.Page.Locator("[data-question=products] svg .bar").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Another_SELECT_is_answered_and_a_wrong_one_told()
    {
        await using var tab = await OpenAsync("status of 4(04|22)");
        var sql = tab.Page.Locator("#query-sql");
        await sql.FillAsync("SELECT sum(amount) AS total FROM orders_current");
        await sql.PressAsync("Control+Enter");
        await Expect(tab.Page.Locator("#query-answer td")).ToHaveTextAsync("79.20000000");
        await Expect(tab.Page.Locator("#query-state")).ToContainTextAsync("1 row in");

        await sql.FillAsync("DELETE FROM orders_current");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Run" }).ClickAsync();
        await Expect(tab.Page.Locator("#query-error")).ToContainTextAsync("Only one SELECT");
        await Expect(tab.Page.Locator("#query-answer td")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(1600, ColorScheme.Light)]
    [InlineData(1600, ColorScheme.Dark)]
    [InlineData(360, ColorScheme.Light)]
    public async Task It_fits_the_window_and_can_be_read(int width, ColorScheme scheme)
    {
        await using var tab = await OpenAsync("status of 404", width, scheme);
        await Expect(tab.Page.Locator("[data-question=cancellations] svg .bar").First).ToBeVisibleAsync();

        (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
        (await tab.Page.EvaluateAsync<string[]>(Browser.Contrast.Script)).ShouldBeEmpty();
    }

    private async Task<ConsoleTab> OpenAsync(string? expected = null, int width = 1600, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, Chromium.Absent);
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 1000 }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        var tab = await ConsoleTab.OpenAsync(context, new(_service.Address, "analytics"));
        if (expected is not null)
        {
            tab.Expect(expected);
        }

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(tab.Page.Locator("#sign-out")).ToBeVisibleAsync();
        return tab;
    }
}
