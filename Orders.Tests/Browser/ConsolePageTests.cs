using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Orders.Tests.Browser;

public sealed partial class ConsolePageTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const int Narrow = 360;

    [Fact]
    public async Task An_order_that_is_placed_on_the_page_arrives_and_every_step_has_its_time()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.SignInAsync();
        await tab.Page.GetByLabel("Merchant", new() { Exact = true }).Last.FillAsync("merchant-placed");
        await tab.Page.GetByLabel("Amount").FillAsync("1234.50");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();

        foreach (var step in new[] { "accepted", "heard", "readable" })
        {
            await Expect(tab.Step(step).Locator(".value")).ToHaveTextAsync(Duration());
        }

        foreach (var step in new[] { "projected", "cached" })
        {
            await Expect(tab.Step(step).Locator(".value")).ToHaveTextAsync(Added());
        }

        await Expect(tab.Step("written").Locator(".value")).ToHaveTextAsync(Clock());

        var row = tab.Rows.Filter(new() { HasText = "merchant-placed" });
        await Expect(row).ToContainTextAsync("INR 1,234.50");
        await Expect(row.Locator(".projected")).ToHaveTextAsync(Added());
        await row.ClickAsync();
        await Expect(tab.Detail.Locator(".versions li")).ToHaveCountAsync(1);
        await Expect(tab.Detail.Locator(".full-id")).ToHaveTextAsync((await row.GetAttributeAsync("data-order"))!);
        // The bars are those of this very hour.
        await Expect(tab.Page.Locator("#bars-orders .bar:not([data-empty])").Last).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_wrong_field_is_told_where_it_stands()
    {
        await using var tab = await fixture.OpenAsync();
        tab.Expect("status of 400");
        await tab.SignInAsync();
        await tab.Page.GetByLabel("Amount").FillAsync("ten");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();

        await Expect(tab.Page.Locator("#place-amount-error")).Not.ToBeEmptyAsync();
        await Expect(tab.Page.GetByLabel("Amount")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task An_order_goes_its_way_from_the_page_to_its_deletion()
    {
        var id = await fixture.PlaceAsync("merchant-steps");
        await using var tab = await fixture.OpenAsync();
        await tab.SignInAsync();
        await tab.RowOf(id).ClickAsync();
        await tab.Detail.GetByRole(AriaRole.Button, new() { Name = "Mark paid" }).ClickAsync();
        await Expect(tab.Detail.Locator(".versions li").First).ToContainTextAsync("placed → paid");
        await Expect(tab.RowOf(id)).ToContainTextAsync("paid");

        await tab.Detail.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        tab.Expect("status of 404");
        await tab.Detail.GetByRole(AriaRole.Button, new() { Name = "Really delete?" }).ClickAsync();
        await Expect(tab.Detail.Locator(".status")).ToHaveTextAsync("deleted");
        await Expect(tab.RowOf(id)).ToContainTextAsync("deleted");
    }

    [Fact]
    public async Task An_amount_keeps_every_digit()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.SignInAsync();
        var id = await fixture.PlaceAsync("merchant-digits", "999999999999.90");

        await Expect(tab.RowOf(id)).ToContainTextAsync("INR 999,999,999,999.90");
    }

    [Theory]
    [InlineData(9_999_999_999_999_999)]
    [InlineData(1769851800123456789)]
    public async Task A_version_keeps_every_digit_and_the_next_is_the_later(long version)
    {
        await using var tab = await fixture.OpenAsync();
        await tab.SignInAsync();
        var order = Sync.SampleOrders.Placed(merchant: "merchant-64") with { OrderId = Guid.CreateVersion7(), Version = version };
        var id = $"{order.OrderId}";
        await fixture.PutAsync(order);
        await Expect(tab.RowOf(id).Locator(".version")).ToHaveTextAsync($"v{version}");

        await tab.RowOf(id).ClickAsync();
        await tab.Detail.GetByRole(AriaRole.Button, new() { Name = "Mark paid" }).ClickAsync();

        await Expect(tab.RowOf(id).Locator(".version")).ToHaveTextAsync($"v{version + 1}");
        await Expect(tab.Detail.Locator(".versions li b")).ToHaveTextAsync([$"v{version + 1}", $"v{version}"]);
    }

    [Fact]
    public async Task A_reload_keeps_the_key_the_order_the_merchant_and_the_theme()
    {
        var id = await fixture.PlaceAsync("merchant-kept");
        await using var tab = await fixture.OpenAsync();
        await tab.SignInAsync();
        await tab.Page.GetByLabel("Theme").SelectOptionAsync("dark");
        await tab.Page.GetByRole(AriaRole.Searchbox).FillAsync("merchant-kept");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.RowOf(id).ClickAsync();
        await Expect(tab.Detail).ToContainTextAsync(id);

        await tab.Page.ReloadAsync();

        await Expect(tab.Detail).ToContainTextAsync(id);
        await Expect(tab.RowOf(id)).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(tab.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("merchant-kept");
        await Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(tab.Page.Locator("#gate")).ToBeHiddenAsync();
        (await tab.Rows.Locator(".merchant").AllTextContentsAsync()).ShouldAllBe(merchant => merchant == "merchant-kept");
    }

    [Fact]
    public async Task A_wrong_key_is_told_and_a_key_that_is_no_longer_known_leads_back_to_the_form()
    {
        await using var tab = await fixture.OpenAsync();
        tab.Expect("status of 401");
        await tab.Page.GetByLabel("Secret", new() { Exact = true }).FillAsync("wrong");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(["This key is not known here."]);

        await tab.Page.EvaluateAsync("sessionStorage.setItem('key', '{\"id\":\"foo\",\"secret\":\"old\"}')");
        await tab.Page.ReloadAsync();
        await Expect(tab.Page.Locator("#sign-in-error")).ToContainTextAsync("no longer");
        await Expect(tab.Page.Locator("#board")).ToBeHiddenAsync();

        // Both kinds of key go the same way.
        await tab.Page.GetByLabel("API key").First.CheckAsync();
        await tab.Page.Locator("#api-key").FillAsync("foo.bar");
        await tab.SignInAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(tab.Page.Locator("#gate")).ToBeVisibleAsync();
        (await tab.Page.EvaluateAsync<string?>("sessionStorage.getItem('key')")).ShouldBeNull();
    }

    [Fact]
    public async Task Redis_killed_shows_as_degraded_and_recovers()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.SignInAsync();
        await fixture.Redis.KillAsync();
        try
        {
            await Expect(tab.State).ToContainTextAsync("Degraded");
            await Expect(tab.State).ToContainTextAsync("reads come from Postgres");
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();
            await Expect(tab.Step("readable")).ToContainTextAsync("from Postgres");
        }
        finally
        {
            await fixture.Redis.RunAsync();
        }

        await Expect(tab.State).ToContainTextAsync("Current");
    }

    [Theory]
    [InlineData(Narrow)]
    [InlineData(768)]
    [InlineData(1600)]
    public async Task Nothing_is_wider_than_the_window_and_nothing_moves_when_orders_arrive(int width)
    {
        var merchant = "merchant-" + new string('w', 55);
        var id = await fixture.PlaceAsync(merchant, "999999999999.90");
        await using var tab = await fixture.OpenAsync(width);
        await tab.SignInAsync();
        await tab.RowOf(id).ClickAsync();
        await Expect(tab.Detail).ToContainTextAsync(merchant);
        await tab.Page.Mouse.MoveAsync(2, 2);
        var before = await CardsAsync(tab);

        var last = "";
        for (var i = 0; i < 5; i++)
        {
            last = await fixture.PlaceAsync(merchant, "999999999999.90");
        }

        await Expect(tab.RowOf(last)).ToHaveCountAsync(1);

        (await CardsAsync(tab)).ShouldBe(before);
        (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
        (await tab.Page.EvaluateAsync<int>("document.getElementById('rows').scrollWidth - document.getElementById('rows').clientWidth")).ShouldBe(0);
    }

    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        var older = await fixture.PlaceAsync("merchant-keys");
        await using var tab = await fixture.OpenAsync();
        // The key is filled in and the button has the focus.
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" })).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.State).ToContainTextAsync("Current");

        await TabToAsync(tab, "place-merchant_id");
        await tab.Page.Keyboard.PressAsync("Control+A");
        await tab.Page.Keyboard.TypeAsync("merchant-keys");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Step("heard")).ToHaveAttributeAsync("data-state", "done");

        await TabToAsync(tab, "rows", backwards: true);
        while (await tab.Page.Locator("#rows .row.active").Filter(new() { HasText = older[^8..] }).CountAsync() == 0)
        {
            await tab.Page.Keyboard.PressAsync("ArrowDown");
        }

        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Detail).ToContainTextAsync(older);

        await TabToAsync(tab, "detail-close");
        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(tab.Detail).Not.ToContainTextAsync(older);
        await Expect(tab.Page.Locator("#rows")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Rows_stay_in_place_while_they_are_read()
    {
        var first = await fixture.PlaceAsync("merchant-held");
        await using var tab = await fixture.OpenAsync();
        await tab.SignInAsync();
        await tab.RowOf(first).HoverAsync();
        var second = await fixture.PlaceAsync("merchant-held");
        // What came just before may be told only now, too.
        await Expect(tab.Page.Locator("#follow")).ToContainTextAsync(SomeNew());
        await Expect(tab.RowOf(second)).ToHaveCountAsync(0);

        await tab.Page.Mouse.MoveAsync(2, 2);
        await Expect(tab.RowOf(second)).ToHaveCountAsync(1);
        await Expect(tab.Page.Locator("#follow")).ToHaveTextAsync("Following");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_can_be_read_in_both_themes(ColorScheme scheme)
    {
        var id = await fixture.PlaceAsync("merchant-contrast");
        await using var tab = await fixture.OpenAsync(scheme: scheme);
        (await tab.Page.EvaluateAsync<string[]>(Contrast.Script)).ShouldBeEmpty();
        await tab.SignInAsync();
        await tab.RowOf(id).ClickAsync();
        await Expect(tab.Detail).ToContainTextAsync(id);
        (await tab.Page.EvaluateAsync<string[]>(Contrast.Script)).ShouldBeEmpty();
    }

    // Goes on until the element has the focus; every stop on the way can be seen.
    private static async Task TabToAsync(ConsoleTab tab, string id, bool backwards = false)
    {
        for (var stops = 0; stops < 40; stops++)
        {
            await tab.Page.Keyboard.PressAsync(backwards ? "Shift+Tab" : "Tab");
            var focused = await tab.Page.EvaluateAsync<string[]>(
                "[document.activeElement.id, document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]");
            if (focused[1] != "BODY")
            {
                focused[2].ShouldNotBe("none", $"no focus to be seen on {focused[1]} {focused[0]}");
            }

            if (focused[0] == id)
            {
                return;
            }
        }

        throw new InvalidOperationException($"The focus does not come to {id}.");
    }

    // Without the height of the open order's card: it is the last, and grows as that order's own times
    // become known.
    private static Task<string> CardsAsync(ConsoleTab tab) => tab.Page.EvaluateAsync<string>(
        "[...document.querySelectorAll('.card, .top, .row.columns')].map(card => { const box = card.getBoundingClientRect(); return `${card.className} ${box.x} ${box.y + scrollY} ${box.width} ${card.matches('.detail') ? '' : box.height}`; }).join('\\n')");

    [GeneratedRegex(@"^\d+ ms$|^\d+ s$|^\d+\.\d s$", RegexOptions.None, 1000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^\+\d+ ms$|^\+\d+ s$|^\+\d+\.\d s$", RegexOptions.None, 1000)]
    private static partial Regex Added();

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3}$", RegexOptions.None, 1000)]
    private static partial Regex Clock();

    [GeneratedRegex("[1-9][0-9]* new", RegexOptions.None, 1000)]
    private static partial Regex SomeNew();
}
