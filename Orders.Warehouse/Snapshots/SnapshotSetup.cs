namespace Orders.Warehouse.Snapshots;

/// <summary>Snapshots of the table.</summary>
internal static class SnapshotSetup
{
    /// <summary>Adds them; the service runs them when they are needed.</summary>
    public static WebApplicationBuilder AddSnapshots(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SnapshotStore>();
        builder.Services.AddSingleton<Vanished>();
        builder.Services.AddSingleton<StreamAge>();
        builder.Services.AddSingleton<SnapshotRunner>();
        builder.Services.AddHostedService<SnapshotService>();
        return builder;
    }
}
