using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Orders.Api;
using Orders.Query;
using Orders.Sync;
using Orders.Warehouse;

namespace Orders.Tests.Engines;

/// <summary>Which services an <see cref="OrdersSystem"/> runs.</summary>
[Flags]
public enum RunningServices
{
    None = 0,
    Api = 1,
    Sync = 2,
    Query = 4,
    Warehouse = 8,
    All = Api | Sync | Query,
}

/// <summary>
/// The services in this process on one class's stores, with clients that are signed in as <c>foo</c>.
/// </summary>
public sealed class OrdersSystem : IAsyncDisposable
{
    private readonly Dictionary<RunningServices, (WebApplication App, HttpClient Client)> _running = [];
    private readonly Dictionary<string, string?> _settings;

    private OrdersSystem(Dictionary<string, string?> settings) => _settings = settings;

    public HttpClient Api => _running[RunningServices.Api].Client;

    public HttpClient Sync => _running[RunningServices.Sync].Client;

    public HttpClient Query => _running[RunningServices.Query].Client;

    public HttpClient Warehouse => _running[RunningServices.Warehouse].Client;

    /// <summary>The components of a running service.</summary>
    public IServiceProvider Services(RunningServices service) => _running[service].App.Services;

    /// <summary>Starts services on free ports, in the order in which the stores get their tables.</summary>
    /// <param name="stores">What <see cref="TestEngines.CreateStoresAsync"/> gave.</param>
    /// <param name="services">Which ones.</param>
    /// <param name="settings">More settings for all of them; they win.</param>
    public static async Task<OrdersSystem> StartAsync(
        TestStores stores, RunningServices services = RunningServices.All, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var all = stores.Settings;
        all["urls"] = "http://127.0.0.1:0";
        all["Logging:LogLevel:Default"] = "Warning";
        // Its sources are process wide: each service would export those of all tests.
        all["OTEL_SDK_DISABLED"] = "true";
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            all[name] = value;
        }

        var system = new OrdersSystem(all);
        try
        {
            foreach (var service in new[] { RunningServices.Api, RunningServices.Sync, RunningServices.Query, RunningServices.Warehouse }.Where(one => services.HasFlag(one)))
            {
                await system.StartAsync(service);
            }

            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one that does not run.</summary>
    public async Task StartAsync(RunningServices service)
    {
        var options = new WebApplicationOptions { EnvironmentName = Environments.Development };
        var app = service switch
        {
            RunningServices.Api => ApiHost.Build(options, _settings),
            RunningServices.Sync => SyncHost.Build(options, _settings),
            RunningServices.Query => QueryHost.Build(options, _settings),
            RunningServices.Warehouse => WarehouseHost.Build(options, _settings),
            _ => throw new ArgumentOutOfRangeException(nameof(service), service, "one at a time"),
        };
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var client = new HttpClient { BaseAddress = new(app.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("foo:bar")));
        client.DefaultRequestHeaders.Add("X-Requested-With", "tests");
        _running.Add(service, (app, client));
    }

    /// <summary>
    /// Stops one in an orderly way; its address is gone for good, a later start gets another.
    /// </summary>
    public async Task StopAsync(RunningServices service)
    {
        if (!_running.Remove(service, out var running))
        {
            return;
        }

        running.Client.Dispose();
        await running.App.StopAsync();
        await running.App.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // Those that write last: what the Api has accepted may still be projected.
        foreach (var service in new[] { RunningServices.Api, RunningServices.Query, RunningServices.Sync, RunningServices.Warehouse })
        {
            await StopAsync(service);
        }
    }
}
