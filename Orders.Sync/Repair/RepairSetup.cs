using Orders.ServiceDefaults.Hosting;

namespace Orders.Sync.Repair;

internal static class RepairSetup
{
    /// <summary>
    /// Adds the repair of orders and derived tables for snapshots and reconciling, and the service that
    /// resolves orders in doubt.
    /// </summary>
    public static WebApplicationBuilder AddRepair(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<OrderRepair>();
        services.AddSingleton<TotalsCheck>();
        services.AddSingleton<DerivedTables>();
        services.AddWorker<DoubtfulOrdersService>();
        return builder;
    }
}
