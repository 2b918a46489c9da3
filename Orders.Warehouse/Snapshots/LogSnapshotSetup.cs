using Orders.ServiceDefaults.Hosting;

namespace Orders.Warehouse.Snapshots;

/// <summary>Snapshots of the table.</summary>
internal static class LogSnapshotSetup
{
    /// <summary>Adds them; the service runs them when they are needed.</summary>
    public static WebApplicationBuilder AddSnapshots(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LogSnapshotStore>();
        builder.Services.AddSingleton<Vanished>();
        builder.Services.AddSingleton<StreamAge>();
        builder.Services.AddSingleton<LogSnapshotRunner>();
        builder.Services.AddWorker<LogSnapshotService>();
        return builder;
    }
}
