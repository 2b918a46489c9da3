using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Settings;
using Orders.Tests.Warehouse.Embedded;
using Orders.Warehouse.Analytics;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Settings;
using Orders.Warehouse.Store;

namespace Orders.Tests.Warehouse.Analytics;

/// <summary>The page and its API on a lake that a test writes by hand; no store is needed.</summary>
internal sealed class AnalyticsService : IAsyncDisposable
{
    private AnalyticsService(ViewLake lake, WebApplication app) => (Lake, App) = (lake, app);

    public ViewLake Lake { get; }

    public WebApplication App { get; }

    public Uri Address => new(App.Urls.First());

    public static async Task<AnalyticsService> StartAsync(Dictionary<string, string?>? settings = null)
    {
        var lake = new ViewLake();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings ?? [], StringComparer.Ordinal)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Orders:Warehouse:Lake"] = lake.Folder,
            ["Orders:Warehouse:SqlTables"] = "merchants",
            ["Logging:LogLevel:Default"] = "None",
            ["OTEL_SDK_DISABLED"] = "true",
        });
        builder.AddServiceDefaults("orders-warehouse");
        builder.Services.AddSettings(WarehouseSettings.Read);
        builder.AddLake();
        builder.AddEmbedded();
        builder.AddAnalytics();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        app.MapAnalytics();
        await app.StartAsync();
        return new(lake, app);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        Lake.Dispose();
    }
}
