using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Migrations;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Settings;
using Orders.Warehouse.Store;
using Orders.Warehouse.Tables;

namespace Orders.Tests.Warehouse.Tables;

/// <summary>An instance of the warehouse that reads SQL tables and nothing else.</summary>
internal sealed class TablesInstance : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TablesInstance(WebApplication app) => _app = app;

    public TablesStatusReader Status => _app.Services.GetRequiredService<TablesStatusReader>();

    public TablesState State => _app.Services.GetRequiredService<TablesState>();

    public static async Task<TablesInstance> StartAsync(
        string postgres, string lake, string tables, Func<TableStep, Task>? onStep = null, int fileRows = 50_000, int fileSeconds = 1, ILoggerProvider? log = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:orders"] = postgres,
            ["Orders:Warehouse:Lake"] = lake,
            ["Orders:Warehouse:SqlTables"] = tables,
            ["Orders:Warehouse:FileRows"] = $"{fileRows}",
            ["Orders:Warehouse:FileSeconds"] = $"{fileSeconds}",
        });
        builder.AddServiceDefaults("orders-warehouse");
        builder.AddPostgres(writes: true);
        builder.Services.AddSettings(configuration => WarehouseSettings.Read(configuration));
        builder.Services.AddSingleton(LedgerMigrations.All);
        builder.Services.AddSingleton<LiveFiles>();
        builder.Services.AddSingleton<IStartCheck, MigrationCheck>();
        builder.AddLake();
        builder.AddTables();
        if (onStep is not null)
        {
            builder.Services.AddSingleton(new TableSteps { Reached = onStep });
        }

        if (log is not null)
        {
            builder.Services.AddSingleton(log);
        }

        var app = builder.Build();
        app.UseServiceDefaults();
        await app.StartAsync();
        return new(app);
    }

    public async Task<HealthReportEntry> HealthAsync() =>
        (await _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "sql-tables")).Entries["sql-tables"];

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
