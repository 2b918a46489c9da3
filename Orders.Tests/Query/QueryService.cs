using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Orders.Query;
using Orders.Query.Waiting;
using Orders.ServiceDefaults.SignIn;
using Orders.Tests.ServiceDefaults;

namespace Orders.Tests.Query;

/// <summary>
/// Orders.Query on a free loopback port, with a key for every merchant and one for <c>merchant-a</c> and
/// <c>merchant-b</c>.
/// </summary>
internal sealed class QueryService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private QueryService(WebApplication app)
    {
        _app = app;
        Address = new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        Client = ClientOf("everyone");
        Limited = ClientOf("limited");
    }

    public Uri Address { get; }

    /// <summary>Sees every merchant's orders.</summary>
    public HttpClient Client { get; }

    /// <summary>Sees the orders of <c>merchant-a</c> and <c>merchant-b</c>.</summary>
    public HttpClient Limited { get; }

    public IServiceProvider Services => _app.Services;

    public static WebApplication Build(IReadOnlyDictionary<string, string?> stores, params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(stores, StringComparer.Ordinal) { ["Logging:LogLevel:Default"] = "Error" };
        AddKey(all, 0, "everyone", "*");
        AddKey(all, 1, "limited", "merchant-a,merchant-b");
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return QueryHost.Build(new() { EnvironmentName = "Development", Args = ["--urls", "http://127.0.0.1:0"] }, all);
    }

    public static async Task<QueryService> StartAsync(IReadOnlyDictionary<string, string?> stores, params (string Name, string? Value)[] settings)
    {
        var app = Build(stores, settings);
        await app.StartAsync();
        return new(app);
    }

    public HttpClient ClientOf(string key) => new()
    {
        BaseAddress = Address,
        DefaultRequestHeaders = { Authorization = TestService.Basic(key, Secret(key)) },
    };

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Asks for a version with <c>Prefer: wait</c>.</summary>
    public async Task<HttpResponseMessage> WaitForAsync(Guid orderId, long minVersion, int seconds, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/{orderId}?min_version={minVersion}");
        request.Headers.Add("Prefer", $"wait={seconds}");
        return await (client ?? Client).SendAsync(request);
    }

    /// <summary>Comes back when so many orders are waited for.</summary>
    public Task WaitersAsync(int orders) =>
        Eventually.HoldsAsync(() => Task.FromResult(Services.GetRequiredService<Waiters>().OrderIds(out _).Length == orders));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Limited.Dispose();
        await _app.DisposeAsync();
    }

    private static string Secret(string key) => $"{key}-secret";

    private static void AddKey(Dictionary<string, string?> settings, int number, string id, string merchants)
    {
        settings[$"Orders:Keys:{number}:Id"] = id;
        settings[$"Orders:Keys:{number}:Hash"] = ApiKeyHash.Of(Secret(id)).ToString();
        settings[$"Orders:Keys:{number}:Merchants"] = merchants;
        settings[$"Orders:Keys:{number}:Scopes"] = "orders:read";
    }
}
