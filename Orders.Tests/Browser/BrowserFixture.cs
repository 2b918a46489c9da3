using System.Net.Http.Json;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Microsoft.Playwright;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Engines;
using Orders.Tests.Query;
using Xunit;

namespace Orders.Tests.Browser;

/// <summary>
/// One browser and one system of all three services, with a Redis that can be killed. Nothing is started
/// where there is no Chromium.
/// </summary>
public sealed class BrowserFixture(TestEngines engines) : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private TestStores? _stores;
    private OrdersSystem? _writers;
    private OrdersSystem? _reader;

    internal OwnRedis Redis { get; private set; } = null!;

    /// <summary>What all services use.</summary>
    internal TestStores Stores => _stores!;

    public HttpClient Api => _writers!.Api;

    public HttpClient Query => _reader!.Query;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Find() is not { } chromium)
        {
            return;
        }

        Redis = await OwnRedis.StartAsync();
        var stores = await engines.CreateStoresAsync() with { Redis = Redis.Configuration };
        _stores = stores;
        _writers = await OrdersSystem.StartAsync(stores, RunningServices.Api | RunningServices.Sync);
        // As Orders.Local does: the page is told where the Api has come to listen.
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Console:ApiUrl"] = _writers.Api.BaseAddress!.AbsoluteUri };
        _reader = await OrdersSystem.StartAsync(stores, RunningServices.Query, settings);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright, chromium);
    }

    /// <summary>
    /// Opens the console in a tab of its own, with nothing kept from others. Skips the test where there is
    /// no Chromium.
    /// </summary>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="scheme">What the system is set to.</param>
    internal async Task<ConsoleTab> OpenAsync(int width = 1600, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, Chromium.Absent);
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 1000 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return await ConsoleTab.OpenAsync(context, Query.BaseAddress!);
    }

    /// <summary>Places an order, not by the page.</summary>
    /// <param name="merchantId">Whose.</param>
    /// <param name="amount">In INR, as it is written in JSON.</param>
    /// <returns>Its id.</returns>
    internal async Task<string> PlaceAsync(string merchantId, string amount = "10.00")
    {
        using var body = new StringContent($$"""{"merchant_id":"{{merchantId}}","amount":{{amount}},"currency":"INR"}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var answer = await Api.PostAsync("/v1/orders", body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString()!;
    }

    /// <summary>Puts an order past the write API.</summary>
    internal async Task PutAsync(Order order)
    {
        using var table = new AmazonDynamoDBClient("local", "local", new AmazonDynamoDBConfig { ServiceURL = _stores!.DynamoDb, AuthenticationRegion = "us-east-1" });
        await table.PutItemAsync(_stores.Table, OrderItem.From(order));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }

        if (_writers is not null)
        {
            await _writers.DisposeAsync();
        }

        if (Redis is not null)
        {
            await Redis.DisposeAsync();
        }
    }
}
