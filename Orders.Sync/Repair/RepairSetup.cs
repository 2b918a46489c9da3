namespace Orders.Sync.Repair;

internal static class RepairSetup
{
    /// <summary>
    /// Adds what snapshots and reconciling mend orders and derived tables with, and the service that looks
    /// up orders in doubt.
    /// </summary>
    public static WebApplicationBuilder AddRepair(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<OrderRepair>();
        services.AddSingleton<TotalsCheck>();
        services.AddSingleton<DerivedTables>();
        services.AddSingleton<DoubtfulOrdersService>();
        services.AddHostedService(provider => provider.GetRequiredService<DoubtfulOrdersService>());
        return builder;
    }
}
