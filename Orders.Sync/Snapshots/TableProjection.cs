using Npgsql;
using Orders.Sync.Projection;
using Orders.Sync.Repair;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Projects orders that are in the table and of which nothing is here: the same statements and followers as
/// of a batch of the stream, with the gate closed and the snapshot's fence in the checkpoint's place.
/// </summary>
internal sealed class TableProjection(NpgsqlDataSource database, ProjectionWriter writer)
{
    /// <summary>
    /// Commits changes and a snapshot's progress in one transaction, then completes the followers.
    /// </summary>
    /// <param name="lease">The right to do it.</param>
    /// <param name="changes">The changes; the gate stays open when there are none.</param>
    /// <param name="progress">What else belongs into the transaction.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    /// <returns>Orders of which something is here by now: they are not written.</returns>
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
