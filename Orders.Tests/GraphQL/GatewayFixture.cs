using System.Net.Http.Json;
using System.Text.Json;
using Orders.ServiceDefaults.SignIn;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>
/// All services on real engines with 60 orders that went their whole way, and the gateway in front of
/// Orders.Query.
/// </summary>
public sealed class GatewayFixture(TestEngines engines) : IAsyncLifetime
{
    public const string Merchant = "merchant-a";
    internal const int Orders = 60;
    internal const int Customers = 20;
    internal const int Products = 12;

    internal OrdersSystem System { get; private set; } = null!;

    internal TestStores Stores { get; private set; } = null!;

    internal UpstreamProxy Upstream { get; private set; } = null!;

    internal GatewayHost Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stores = await engines.CreateStoresAsync();
        System = await OrdersSystem.StartAsync(Stores, settings: Settings());
        Upstream = await UpstreamProxy.StartAsync(System.Query.BaseAddress!);
        Gateway = await GatewayHost.StartAsync(Upstream.Address);
        for (var number = 0; number < Orders; number++)
        {
            await PlaceAsync(Order(number));
        }

        await Eventually.HoldsAsync(async () =>
            (await System.Query.GetFromJsonAsync<JsonElement>("/v1/orders?limit=200")).GetProperty("orders").GetArrayLength() == Orders);
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        if (Upstream is not null)
        {
            await Upstream.DisposeAsync();
        }

        if (System is not null)
        {
            await System.DisposeAsync();
        }
    }

    /// <summary>
    /// The keys <c>foo</c>, <c>writer</c> who may not read, and <c>shop</c> of another merchant.
    /// </summary>
    internal static Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
        (string Id, string Secret, string Merchants, string Scopes)[] keys =
        [
            ("foo", "bar", "*", "orders:read,orders:write,operations"),
            ("writer", "writer-secret", "*", "orders:write"),
            ("shop", "shop-secret", "merchant-z", "orders:read"),
        ];
        foreach (var (number, key) in keys.Index())
        {
            settings[$"Orders:Keys:{number}:Id"] = key.Id;
            settings[$"Orders:Keys:{number}:Hash"] = ApiKeyHash.Of(key.Secret).ToString();
            settings[$"Orders:Keys:{number}:Merchants"] = key.Merchants;
            settings[$"Orders:Keys:{number}:Scopes"] = key.Scopes;
        }

        return settings;
    }

    /// <summary>Places an order; it is to be seen a moment later.</summary>
    internal async Task<string> PlaceAsync(object order)
    {
        using var answer = await System.Api.PostAsJsonAsync("/v1/orders", order);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString()!;
    }

    /// <summary>Waits until an order is to be seen in that version.</summary>
    internal async Task SeenAsync(string orderId, int version = 1)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/{orderId}?min_version={version}");
        request.Headers.Add("Prefer", "wait=30");
        using var answer = await System.Query.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue();
    }

    private static object Order(int number) => new
    {
        merchant_id = Merchant,
        customer_id = $"customer-{number % Customers}",
        currency = "INR",
        items = Enumerable.Range(0, 3).Select(line => new
        {
            product_id = $"product-{(number + (line * 5)) % Products}",
            product_name = $"Tee \"N° {line}\" 1.50",
            quantity = line + 1,
            unit_price = 100.10m + number,
        }),
    };
}
