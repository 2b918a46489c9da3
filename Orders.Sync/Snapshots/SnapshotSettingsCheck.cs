using Orders.ServiceDefaults;

namespace Orders.Sync.Snapshots;

/// <summary>Reads the settings before the start, so that a wrong one is told then.</summary>
internal sealed class SnapshotSettingsCheck(IServiceProvider services) : IStartCheck
{
    public Task CheckAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<SnapshotSettings>();
        return Task.CompletedTask;
    }
}
