using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Warehouse;
using Orders.Warehouse.Compacting;
using Orders.Warehouse.Snapshots;
using Orders.Warehouse.Store;

namespace Orders.Tests.Warehouse.Chaos;

/// <summary>
/// The service's own compaction, stored states and snapshot, in this process and without a pause.
/// </summary>
internal sealed class BusyUpkeep(IReadOnlyDictionary<string, string?> settings) : IAsyncDisposable
{
    private static readonly ReplacementPace AtOnce = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(1));

    private readonly WebApplication _app =
        WarehouseHost.Build(new() { EnvironmentName = "Development" }, new Dictionary<string, string?>(settings, StringComparer.Ordinal) { ["Logging:LogLevel:Default"] = "None" });

    /// <summary>The days that were compacted; each counts as often as it was.</summary>
    public int Compacted { get; private set; }

    /// <summary>
    /// Compacts past days, stores states, and deletes what is replaced, until it is stopped.
    /// </summary>
    public async Task CompactAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await CompactOnceAsync();
            await Task.Delay(100, CancellationToken.None);
        }
    }

    /// <summary>Compacts past days once, stores a state, and deletes what is replaced.</summary>
    public async Task CompactOnceAsync()
    {
        var compactor = _app.Services.GetRequiredService<Compactor>();
        var lake = _app.Services.GetRequiredService<ILakeStore>();
        var replacements = new Replacements(_app.Services.GetRequiredService<NpgsqlDataSource>(), lake, AtOnce);
        foreach (var day in await compactor.FindAsync(TimeSpan.Zero, leastFiles: 2, CancellationToken.None))
        {
            Compacted += await compactor.CompactAsync(day, CancellationToken.None) ? 1 : 0;
        }

        await replacements.ActivateAsync(CancellationToken.None);
        await replacements.CleanAsync(CancellationToken.None);
        var states = new OrderStates(_app.Services.GetRequiredService<NpgsqlDataSource>(), lake, _app.Services.GetRequiredService<LakeMirror>(), AtOnce, TimeProvider.System);
        await states.RefreshAsync(leastRows: 100, CancellationToken.None);
        await states.CleanAsync(CancellationToken.None);
    }

    /// <summary>Scans the table into the log.</summary>
    public async Task ScanAsync()
    {
        try
        {
            await _app.Services.GetRequiredService<LogSnapshotRunner>().RunAsync("asked", CancellationToken.None);
        }
        catch (LogSnapshotLostException)
        {
            // The service goes on with it.
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
