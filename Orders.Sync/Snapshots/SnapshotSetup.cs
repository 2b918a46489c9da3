using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;

namespace Orders.Sync.Snapshots;

internal static class SnapshotSetup
{
    /// <summary>Adds snapshots and rebuilds, and the service that begins snapshots automatically.</summary>
    public static WebApplicationBuilder AddSnapshots(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings(SnapshotSettings.Read);
        services.AddSingleton<TableProjection>();
        services.AddSingleton<SnapshotStore>();
        services.AddSingleton<SnapshotControl>();
        services.AddSingleton<SnapshotRunner>();
        services.AddSingleton<SnapshotSweep>();
        services.AddWorker<SnapshotService>();
        return builder;
    }
}
