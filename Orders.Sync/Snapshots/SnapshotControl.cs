using Orders.Sync.Repair;
using Orders.Sync.Table;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Begins, resumes and stops snapshots. Who runs one is another matter: any instance of the service does, or
/// the command that asked.
/// </summary>
internal sealed partial class SnapshotControl(SnapshotStore store, TableReader table, SnapshotSettings settings, ILogger<SnapshotControl> logger)
{
    /// <summary>
    /// Parts of the stream that are lost and not healed yet: what alarms and readiness ask for.
    /// </summary>
    public Task<int> CountOpenGapsAsync(CancellationToken cancellationToken) => store.CountOpenGapsAsync(cancellationToken);

    /// <summary>How far a snapshot is; null when there is none.</summary>
    public Task<SnapshotProgress?> ReadProgressAsync(long snapshotId, CancellationToken cancellationToken) => store.ReadProgressAsync(snapshotId, kind: null, cancellationToken);

    /// <summary>How far the newest of a kind is; null when there is none.</summary>
    public Task<SnapshotProgress?> ReadNewestAsync(SnapshotKind kind, CancellationToken cancellationToken) => store.ReadProgressAsync(snapshotId: null, kind, cancellationToken);

    /// <summary>
    /// Stops the open snapshot of a kind. It keeps what it has done, and goes on from there when it is asked
    /// for again.
    /// </summary>
    /// <returns>Its id; null when none was running.</returns>
    public Task<long?> StopAsync(SnapshotKind kind, CancellationToken cancellationToken) => store.StopAsync(kind, cancellationToken);

    /// <summary>
    /// Begins a snapshot, joins the one that is under way, or lets a stopped one of the same kind go on.
    /// </summary>
    /// <returns>Its id; null when one of the other kind is under way.</returns>
    public async Task<long?> BeginAsync(SnapshotKind kind, string reason, CancellationToken cancellationToken)
    {
        if (await store.ResumeAsync(kind, cancellationToken) is { } open)
        {
            return open;
        }

        // A stopped one of the other kind gives way.
        await store.DropStoppedAsync(cancellationToken);
        var begun = await store.TryBeginAsync(kind, reason, settings.Scan.Segments, await table.EstimateItemsAsync(cancellationToken), cancellationToken);
        return begun ?? await store.ResumeAsync(kind, cancellationToken);
    }

    /// <summary>Begins what <see cref="SnapshotRule"/> asks for.</summary>
    /// <returns>The snapshot that is to be run; null for none.</returns>
    public async Task<long?> BeginWhereNeededAsync(CancellationToken cancellationToken)
    {
        var state = await store.ReadStateAsync(cancellationToken);
        var need = SnapshotRule.Decide(state);
        if (need == SnapshotNeed.Continue)
        {
            return state.OpenId;
        }

        if (need == SnapshotNeed.Nothing || !settings.IsAutomatic)
        {
            return null;
        }

        if (need == SnapshotNeed.BeginAnew)
        {
            await store.DropStoppedAsync(cancellationToken);
        }

        var reason = need == SnapshotNeed.BeginFirst ? "no snapshot was ever completed: the table may be older than its stream" : "a part of the stream was lost";
        var begun = await store.TryBeginAsync(SnapshotKind.Snapshot, reason, settings.Scan.Segments, await table.EstimateItemsAsync(cancellationToken), cancellationToken);
        if (begun is { } snapshotId)
        {
            LogBegun(snapshotId, reason);
        }

        return begun;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Snapshot {SnapshotId} begins: {Reason}")]
    private partial void LogBegun(long snapshotId, string reason);
}
