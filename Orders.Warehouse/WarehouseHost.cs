using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Migrations;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;
using Orders.Warehouse.Analytics;
using Orders.Warehouse.Compacting;
using Orders.Warehouse.Consuming;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Reconciling;
using Orders.Warehouse.Redshift;
using Orders.Warehouse.Requeueing;
using Orders.Warehouse.Settings;
using Orders.Warehouse.Snapshots;
using Orders.Warehouse.Status;
using Orders.Warehouse.Store;
using Orders.Warehouse.Tables;

namespace Orders.Warehouse;

/// <summary>The warehouse as a host: writes every change into the lake, each once.</summary>
public static class WarehouseHost
{
    /// <summary>The service's name in telemetry.</summary>
    public const string ServiceName = "orders-warehouse";

    /// <summary>Builds it without starting it.</summary>
    /// <param name="options">Arguments, environment.</param>
    /// <param name="settings">Settings that win over every other source; null for none.</param>
    public static WebApplication Build(WebApplicationOptions options, IReadOnlyDictionary<string, string?>? settings = null) =>
        Build(options, configuration => configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal)));

    /// <summary>Builds it for a command, which uses its components and never starts it.</summary>
    /// <param name="options">Arguments, environment.</param>
    /// <param name="configure">Adds settings; sees those of every other source.</param>
    internal static WebApplication Build(WebApplicationOptions options, Action<ConfigurationManager> configure)
    {
        var builder = WebApplication.CreateBuilder(options);
        configure(builder.Configuration);
        builder.AddServiceDefaults(ServiceName);
        builder.AddPostgres(writes: true);
        builder.AddDynamoDb();
        builder.Services.AddSettings((configuration, isDevelopment) => WarehouseSettings.Read(configuration, isDevelopment));
        builder.Services.AddSingleton(LedgerMigrations.All);
        builder.Services.AddSingleton<LiveFiles>();
        builder.Services.AddSingleton<LogWriter>();
        builder.Services.AddSingleton<LogReader>();
        builder.Services.AddSingleton<NewestOrders>();
        builder.Services.AddSingleton<WarehouseStatusReader>();
        builder.Services.AddSingleton<StatusMetrics>();
        builder.Services.AddWorker<StatusMonitor>();
        builder.Services.AddSingleton<LogReconciler>();
        builder.Services.AddSingleton<IStartCheck, MigrationCheck>();
        builder.AddLake();
        builder.AddConsuming();
        builder.AddSnapshots();
        builder.AddCompacting();
        builder.AddTables();
        builder.AddEmbedded();
        builder.AddAnalytics();
        builder.AddRedshift();
        builder.Services.AddSingleton<Requeue>();

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        app.MapAnalytics();
        return app;
    }
}
