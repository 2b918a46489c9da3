using Amazon.DynamoDBv2;
using DynamoStreams.Snapshots;
using Orders.ServiceDefaults;
using Orders.Sync.Operations;
using Orders.Sync.Reconciling;

namespace Orders.Sync.Snapshots;

internal static class SnapshotSetup
{
    /// <summary>Adds snapshots, rebuilding and reconciling, and the service that begins snapshots by itself.</summary>
    public static WebApplicationBuilder AddSnapshots(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => SnapshotSettings.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<IStartCheck>(provider => new SnapshotSettingsCheck(provider));
        services.AddSingleton<ITablePages>(provider => new DynamoDbPages(
            provider.GetRequiredService<IAmazonDynamoDB>(), provider.GetRequiredService<DynamoDbSettings>().Table, isConsistent: true));
        services.AddSingleton<TableReader>();
        services.AddSingleton<TableProjection>();
        services.AddSingleton<SnapshotStore>();
        services.AddSingleton<SnapshotControl>();
        services.AddSingleton<SnapshotRunner>();
        services.AddSingleton<SnapshotSweep>();
        services.AddSingleton<CachedEntries>();
        services.AddSingleton<OrderRepair>();
        services.AddSingleton<TotalsCheck>();
        services.AddSingleton<DerivedTables>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<ReconcileJob>();
        services.AddSingleton<DoubtfulOrdersService>();
        services.AddHostedService(provider => provider.GetRequiredService<DoubtfulOrdersService>());
        services.AddHostedService<SnapshotService>();
        return builder;
    }
}
