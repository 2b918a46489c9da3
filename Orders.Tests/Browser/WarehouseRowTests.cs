using System.Text.RegularExpressions;
using Orders.Tests.Engines;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Orders.Tests.Browser;

/// <summary>The warehouse in the console's health panel, with a real one beside it.</summary>
public sealed partial class WarehouseRowTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task The_row_tells_of_no_warehouse_then_of_its_four_figures_then_of_its_end()
    {
        await using var tab = await fixture.OpenAsync();
        await tab.SignInAsync();
        var (dot, note, figures) = (tab.Page.Locator("#warehouse .dot"), tab.Page.Locator("#warehouse-note"), tab.Page.Locator("#warehouse-figures"));
        await Expect(note).ToHaveTextAsync("not installed");
        await Expect(figures).ToContainTextAsync("has never run here");
        await Expect(dot).ToHaveAttributeAsync("data-state", "unknown");
        await Expect(tab.State).Not.ToContainTextAsync("warehouse");

        using var folder = new TempFolder();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Orders:Warehouse:Lake"] = folder.In("lake"), ["Orders:Warehouse:FileSeconds"] = "1" };
        await using var warehouse = await OrdersSystem.StartAsync(fixture.Stores, RunningServices.Warehouse, settings);
        await Expect(figures).ToHaveTextAsync(AllFigures());
        await Expect(note).ToHaveTextAsync(NewestFile());
        await Expect(dot).ToHaveAttributeAsync("data-state", "ok");
        var rows = (await figures.TextContentAsync())!.Split(' ')[0];
        await fixture.PlaceAsync("merchant-warehouse");
        await Expect(figures).Not.ToHaveTextAsync(new Regex($"^{rows} row", RegexOptions.None, TimeSpan.FromSeconds(1)));

        await warehouse.StopAsync(RunningServices.Warehouse);
        await Expect(dot).ToHaveAttributeAsync("data-state", "lagging");
        await Expect(tab.State).ToContainTextAsync("The warehouse: No instance of Orders.Warehouse is running.");
        await Expect(tab.State).ToContainTextAsync("Current");
    }

    [GeneratedRegex(@"^newest file \d+(?:\.\d)? (?:ms|s|min) old$", RegexOptions.None, 1000)]
    private static partial Regex NewestFile();

    [GeneratedRegex(@"^[1-9][\d,]* rows? · 0 quarantined · slot lag \d+(?:\.\d)? [kM]?B$", RegexOptions.None, 1000)]
    private static partial Regex AllFigures();
}
