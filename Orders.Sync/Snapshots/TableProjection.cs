using Npgsql;
using Orders.Sync.Projection;
using Orders.Sync.Repair;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Projects orders of the table that are not stored at all. It uses the statements and followers of a batch
/// of the stream, but closes the gate, and has the snapshot's fence instead of the checkpoint.
/// </summary>
internal sealed class TableProjection(NpgsqlDataSource database, ProjectionWriter writer)
{
    /// <summary>
    /// Commits changes and a snapshot's progress in one transaction, then completes the followers.
    /// </summary>
    /// <param name="lease">The snapshot's lease.</param>
    /// <param name="changes">The changes; the gate stays open when there are none.</param>
    /// <param name="progress">Further statements of the transaction, with the progress.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    /// <returns>Orders that were stored in the meantime: they are not written.</returns>
    /// <exception cref="SnapshotLostException">Another instance runs the snapshot, or it was
    /// stopped.</exception>
    public async Task<IReadOnlySet<Guid>> CommitAsync(SnapshotLease lease, ChangeSet changes, IEnumerable<NpgsqlBatchCommand> progress, CancellationToken cancellationToken)
    {
        var writing = await writer.BeginBesideAsync([.. changes.Newest.Select(change => change.OrderId)], cancellationToken);
        await using var statements = database.CreateBatch();
        if (changes.Newest.Count > 0)
        {
            statements.BatchCommands.Add(ProjectionGate.Close());
        }

        statements.BatchCommands.Add(SnapshotFence.For(lease));
        var written = await writing.CommitAsync(
            () => SnapshotFence.GuardAsync(lease, () => writing.ExecuteAsync(statements, changes, progress, asksTable: false, cancellationToken)), cancellationToken);
        await writing.FinishAsync(written, cancellationToken);
        return written.Refused;
    }
}
