using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orders.Bench.Soak;
using Orders.Bench.Stores;
using Orders.Local.Run;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Bench.Overload;

/// <summary>Orders.Api, Orders.Sync and Orders.Query as processes of their own, with the orders of two
/// merchants: one floods, the other goes about its business.</summary>
internal sealed class OverloadSystem : IAsyncDisposable
{
    private const int BatchLines = 500;
    private const string Secret = "secret";
    private static readonly string[] Projects = ["Orders.Api", "Orders.Sync", "Orders.Query"];
    private static readonly string[] Merchants = ["flood", "shop"];
    private readonly BenchDatabase _database;
    private readonly IReadOnlyList<SoakService> _services;

    private OverloadSystem(BenchDatabase database, IReadOnlyList<SoakService> services) => (_database, _services) = (database, services);

    public SoakService Api => _services[0];

    public SoakService Query => _services[2];

    /// <summary>An order of the merchant that does not flood.</summary>
    public string OrderId { get; private set; } = "";

    public static async Task<OverloadSystem> StartAsync(BenchEngines engines, int orders, CancellationToken cancellationToken)
    {
        var database = await engines.CreateDatabaseAsync(cancellationToken);
        var settings = ServiceSettings.From(new(), lake: "", engines.Addresses with { Postgres = database.ConnectionString }, collector: null);
        settings["Orders:Table"] = "bench_overload";
        settings["Orders:RateLimit:PerSecond"] = settings["Orders:RateLimit:Burst"] = "1000000";
        foreach (var (number, key) in Merchants.Index())
        {
            settings[$"Orders:Keys:{number}:Id"] = key;
            settings[$"Orders:Keys:{number}:Hash"] = ApiKeyHash.Of(Secret).ToString();
            settings[$"Orders:Keys:{number}:Merchants"] = key;
            settings[$"Orders:Keys:{number}:Scopes"] = "orders:read,orders:write";
        }

        var system = new OverloadSystem(database, [.. Projects.Select(project => SoakService.OfDotNet(project, project, settings))]);
        try
        {
            foreach (var service in system._services)
            {
                await service.StartAsync(cancellationToken);
            }

            await system.FillAsync(orders, cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of a merchant, with as many connections as it likes.</summary>
    public static HttpClient ClientOf(string merchant, Uri address) => new()
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromMinutes(1),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{merchant}:{Secret}"))) },
    };

    /// <summary>A batch of orders.</summary>
    public static HttpRequestMessage Batch(string merchant, int lines) => new(HttpMethod.Post, "/v1/orders/batch")
    {
        Content = new StringContent(string.Join('\n', Enumerable.Range(0, lines).Select(number => Order(merchant, number))), Encoding.UTF8, "application/x-ndjson"),
    };

    /// <summary>A single order.</summary>
    public static HttpRequestMessage Single(string merchant) => new(HttpMethod.Post, "/v1/orders") { Content = new StringContent(Order(merchant, 0), Encoding.UTF8, "application/json") };

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private static string Order(string merchant, int number) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"merchant_id":"{{merchant}}","customer_id":"customer-{{number % 50}}","currency":"EUR","items":[{"product_id":"product-{{number % 20}}","product_name":"A thing","quantity":2,"unit_price":3.50}]}""");

    private async Task FillAsync(int orders, CancellationToken cancellationToken)
    {
        foreach (var merchant in Merchants)
        {
            using var client = ClientOf(merchant, Api.Address);
            for (var placed = 0; placed < orders; placed += BatchLines)
            {
                using var answer = await client.SendAsync(Batch(merchant, Math.Min(BatchLines, orders)), cancellationToken);
                var last = (await answer.Content.ReadAsStringAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
                OrderId = JsonElement.Parse(last).GetProperty("order").GetProperty("order_id").GetString()!;
            }
        }

        using var reader = ClientOf("shop", Query.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/{OrderId}?min_version=1") { Headers = { { "Prefer", "wait=30" } } };
        using var seen = await reader.SendAsync(request, cancellationToken);
        seen.EnsureSuccessStatusCode();
    }
}
