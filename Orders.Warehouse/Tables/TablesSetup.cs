using Orders.ServiceDefaults.Health;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Stores;

namespace Orders.Warehouse.Tables;

/// <summary>The tables that SQL owns.</summary>
internal static class TablesSetup
{
    /// <summary>Adds their reader, which runs with the host, its readiness, and
    /// <see cref="TablesStatusReader"/>. Add it after the migrations.</summary>
    public static WebApplicationBuilder AddTables(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SlotNames>();
        builder.Services.AddSingleton<SlotLeases>();
        builder.Services.AddSingleton<SlotHold>();
        builder.Services.AddSingleton<TablesLedger>();
        builder.Services.AddSingleton<ReplicationSlot>();
        builder.Services.AddSingleton<Publication>();
        builder.Services.AddSingleton<PgTypes>();
        builder.Services.AddSingleton<TableLooks>();
        builder.Services.AddSingleton<TableSet>();
        builder.Services.AddSingleton<KnownRows>();
        builder.Services.AddSingleton<PartialRows>();
        builder.Services.AddSingleton<TableFiles>();
        builder.Services.AddSingleton<TableSnapshots>();
        builder.Services.AddSingleton<SlotStream>();
        builder.Services.AddSingleton<TablesRunner>();
        builder.Services.AddSingleton<TablesState>();
        builder.Services.AddSingleton<TablesMetrics>();
        builder.Services.AddSingleton<TableSteps>();
        builder.Services.AddSingleton<TablesStatusReader>();
        builder.Services.AddWorker<TablesService>();
        builder.Services.AddWorker<TablesMonitor>();
        if (builder.Environment.IsDevelopment())
        {
            builder.Services.AddSingleton<IStartCheck, DemoMerchants>();
        }

        builder.Services.AddHealthChecks().AddCheck<TablesHealthCheck>("sql-tables", tags: [HealthTags.Ready], timeout: PostgresCheck.Timeout);
        return builder;
    }
}
