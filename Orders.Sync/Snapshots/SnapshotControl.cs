using Orders.Sync.Repair;
using Orders.Sync.Table;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Begins, resumes and stops snapshots. It does not run them: any instance of the service does, or the
/// command that asked.
/// </summary>
internal sealed partial class SnapshotControl(SnapshotStore store, TableReader table, SnapshotSettings settings, ILogger<SnapshotControl> logger)
{
    /// <summary>The number of open gaps, for alarms and readiness.</summary>
    public Task<int> CountOpenGapsAsync(CancellationToken cancellationToken) => store.CountOpenGapsAsync(cancellationToken);

    /// <summary>The progress of a snapshot; null when there is none.</summary>
    public Task<SnapshotProgress?> ReadProgressAsync(long snapshotId, CancellationToken cancellationToken) => store.ReadProgressAsync(snapshotId, kind: null, cancellationToken);

    /// <summary>The progress of the newest snapshot of a kind; null when there is none.</summary>
    public Task<SnapshotProgress?> ReadNewestAsync(SnapshotKind kind, CancellationToken cancellationToken) => store.ReadProgressAsync(snapshotId: null, kind, cancellationToken);

    /// <summary>
    /// Stops the open snapshot of a kind. Its progress is kept, and it continues from there when it is
    /// requested again.
    /// </summary>
    /// <returns>Its id; null when none was running.</returns>
    public Task<long?> StopAsync(SnapshotKind kind, CancellationToken cancellationToken) => store.StopAsync(kind, cancellationToken);

    /// <summary>
    /// Begins a snapshot, joins the running one, or resumes a stopped one of the same kind.
    /// </summary>
    /// <returns>Its id; null when one of the other kind is running.</returns>
    public async Task<long?> BeginAsync(SnapshotKind kind, string reason, CancellationToken cancellationToken)
    {
        if (await store.ResumeAsync(kind, cancellationToken) is { } open)
        {
            return open;
        }

        // A stopped snapshot of the other kind is dropped.
        await store.DropStoppedAsync(cancellationToken);
        var begun = await store.TryBeginAsync(kind, reason, settings.Scan.Segments, await table.EstimateItemsAsync(cancellationToken), cancellationToken);
        return begun ?? await store.ResumeAsync(kind, cancellationToken);
    }

    /// <summary>Begins a snapshot if <see cref="SnapshotRule"/> requires one.</summary>
    /// <returns>The snapshot to run; null for none.</returns>
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

        var (kind, reason) = state.TableChangedAt is not null ? (SnapshotKind.Rebuild, "the table is another one than before")
            : need == SnapshotNeed.BeginFirst ? (SnapshotKind.Snapshot, "no snapshot was ever completed: the table may be older than its stream")
            : (SnapshotKind.Snapshot, "a part of the stream was lost");
        var begun = await store.TryBeginAsync(kind, reason, settings.Scan.Segments, await table.EstimateItemsAsync(cancellationToken), cancellationToken);
        if (begun is { } snapshotId)
        {
            LogBegun(snapshotId, reason);
        }

        return begun;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Snapshot {SnapshotId} begins: {Reason}")]
    private partial void LogBegun(long snapshotId, string reason);
}
