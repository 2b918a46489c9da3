using System.Net.Http.Json;
using System.Text.Json;
using Orders.ServiceDefaults.SignIn;
using Orders.Tests.Engines;
using Orders.Tests.Local;
using Orders.Tests.ServiceDefaults;
using Shouldly;

namespace Orders.Tests.Fuzz;

/// <summary>The whole of Orders as a process of its own, with orders in it.</summary>
internal sealed class FuzzTarget : IAsyncDisposable
{
    public const string Mine = "merchant-1";
    private const int Orders = 40;
    private static readonly string[] ServiceNames = ["api", "query", "sync", "warehouse", "graphql"];

    private readonly TempFolder _folder;
    private readonly OrdersLocalProcess _process;

    private FuzzTarget(TempFolder folder, OrdersLocalProcess process, IReadOnlyDictionary<string, Uri> services) => (_folder, _process, Services) = (folder, process, services);

    /// <summary>Everybody who asks; the last has a wrong secret.</summary>
    public static IReadOnlyList<FuzzKey> Keys { get; } = [new("fuzz", "bar"), new("mine", "bar", Mine), new("reader", "bar"), new(null, ""), new("fuzz", "wrong")];

    /// <summary>Where each service listens.</summary>
    public IReadOnlyDictionary<string, Uri> Services { get; }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>All that it has said.</summary>
    public string Said => _process.Output;

    /// <summary>What is in the stores.</summary>
    public Known Known { get; private set; } = null!;

    public static async Task<FuzzTarget> StartAsync()
    {
        var folder = new TempFolder();
        var process = OrdersLocalProcess.Start(folder.Path, Settings(), "--data", folder.In("data"), "--verbose");
        try
        {
            await process.ReadyAsync();
            using var endpoints = JsonDocument.Parse(await File.ReadAllBytesAsync(folder.In("data", "endpoints.json")));
            var services = ServiceNames.Where(name => endpoints.RootElement.TryGetProperty(name, out var address) && address.ValueKind == JsonValueKind.String)
                .ToDictionary(name => name, name => new Uri(endpoints.RootElement.GetProperty(name).GetString()!), StringComparer.Ordinal);
            var target = new FuzzTarget(folder, process, services);
            await target.FillAsync();
            return target;
        }
        catch
        {
            await process.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A client that sends what it is given; one of them for everybody.</summary>
    public static HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1,
    })
    {
        // So that a hang fails the run; no answer takes nearly as long.
        Timeout = TimeSpan.FromMinutes(2),
    };

    /// <summary>Everything is as it was: ready, and an order goes its whole way.</summary>
    public async Task WorksAsync()
    {
        using var client = SignedIn();
        foreach (var (name, address) in Services)
        {
            (await client.GetAsync(new Uri(address, "/health/ready"))).IsSuccessStatusCode.ShouldBeTrue(name);
        }

        await SeenAsync(client, await PlaceAsync(client, 0));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static HttpClient SignedIn() => new() { DefaultRequestHeaders = { Authorization = TestService.Basic(Keys[0].Id!, Keys[0].Secret) } };

    private static Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Orders__RateLimit__PerSecond"] = "1000000",
            ["Orders__RateLimit__Burst"] = "1000000",
            ["Orders__RateLimit__FailedSignInsPerSecond"] = "1000000",
            ["Orders__RateLimit__FailedSignInBurst"] = "1000000",
            ["Orders__Warehouse__SqlTables"] = "merchants",
        };
        (string Id, string Merchants, string Scopes)[] keys =
        [
            ("fuzz", "*", "orders:read,orders:write,operations,analytics:read"),
            ("mine", Mine, "orders:read,orders:write,operations,analytics:read"),
            ("reader", "*", "orders:read"),
        ];
        foreach (var (number, key) in keys.Index())
        {
            settings[$"Orders__Keys__{number}__Id"] = key.Id;
            settings[$"Orders__Keys__{number}__Hash"] = ApiKeyHash.Of("bar").ToString();
            settings[$"Orders__Keys__{number}__Merchants"] = key.Merchants;
            settings[$"Orders__Keys__{number}__Scopes"] = key.Scopes;
        }

        return settings;
    }

    private async Task FillAsync()
    {
        using var client = SignedIn();
        var ids = new List<string>();
        for (var number = 0; number < Orders; number++)
        {
            ids.Add(await PlaceAsync(client, number));
        }

        await SeenAsync(client, ids[^1]);
        var cursors = new List<string>();
        foreach (var limit in Enumerable.Range(1, 4))
        {
            cursors.Add((await client.GetFromJsonAsync<JsonElement>(new Uri(Services["query"], $"/v1/orders?limit={limit}"))).GetProperty("next_cursor").GetString()!);
        }

        var questions = await client.GetFromJsonAsync<JsonElement>(new Uri(Services["warehouse"], "/v1/analytics"));
        Known = new(
            ids,
            [Mine, "merchant-2", "merchant-3"],
            [.. Enumerable.Range(0, 5).Select(number => $"customer-{number}")],
            [.. Enumerable.Range(0, 5).Select(number => $"product-{number}")],
            cursors,
            [.. questions.EnumerateArray().Select(question => question.GetProperty("id").GetString()!)]);
    }

    private async Task<string> PlaceAsync(HttpClient client, int number)
    {
        using var answer = await client.PostAsJsonAsync(new Uri(Services["api"], "/v1/orders"), new
        {
            merchant_id = $"merchant-{1 + (number % 3)}",
            customer_id = $"customer-{number % 5}",
            currency = "INR",
            items = new[] { new { product_id = $"product-{number % 5}", product_name = "Tea", quantity = 1 + (number % 3), unit_price = 12.50m } },
        });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString()!;
    }

    private async Task SeenAsync(HttpClient client, string orderId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Services["query"], $"/v1/orders/{orderId}?min_version=1"));
        request.Headers.TryAddWithoutValidation("Prefer", "wait=30");
        using var answer = await client.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue();
    }
}
