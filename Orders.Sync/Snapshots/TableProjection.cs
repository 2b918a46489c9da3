using Npgsql;
using Orders.Sync.Cache;
using Orders.Sync.Projection;
using Orders.Sync.Repair;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Projects orders that are in the table and of which nothing is here: the same statements and way through the cache as a batch of the stream, with the gate closed and
/// the snapshot's fence in the checkpoint's place.
/// </summary>
internal sealed class TableProjection(NpgsqlDataSource database, OrderCacheWriter cache)
{
    /// <summary>Commits changes and a snapshot's progress in one transaction, then writes the cache.</summary>
    /// <param name="lease">The right to do it.</param>
    /// <param name="changes">The changes; the gate stays open when there are none.</param>
    /// <param name="progress">What else belongs into the transaction.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    /// <returns>Orders of which something is here by now: they are not written.</returns>
    /// <exception cref="SnapshotLostException">Another instance runs the snapshot, or it was stopped.</exception>
    public async Task<IReadOnlySet<Guid>> CommitAsync(SnapshotLease lease, ChangeSet changes, IEnumerable<NpgsqlBatchCommand> progress, CancellationToken cancellationToken)
    {
        var cached = await cache.BeginBesideAsync(changes.Newest.Select(change => change.OrderId), cancellationToken);
        await using var statements = database.CreateBatch();
        if (changes.Newest.Count > 0)
        {
            statements.BatchCommands.Add(ProjectionGate.Close());
        }

        statements.BatchCommands.Add(SnapshotFence.For(lease));
        foreach (var command in progress.Concat(ProjectionCommands.For(changes)))
        {
            statements.BatchCommands.Add(command);
        }

        cached.AddTo(statements, RefusedOrders.Find(changes.Newest));

        IReadOnlySet<Guid> refused;
        try
        {
            refused = await RefusedOrders.ExecuteAsync(statements, passedOver: null, cancellationToken);
        }
        catch (PostgresException failure) when (SnapshotLostException.IsIt(failure))
        {
            throw new SnapshotLostException(lease.SnapshotId, failure);
        }
        catch (PostgresException refusal) when (CacheCommit.IsRefusal(refusal))
        {
            cache.Refused(refusal);
            throw;
        }

        if (changes.Newest.Count > 0)
        {
            await cache.CompleteAsync(cached, changes, refused, cancellationToken);
        }

        return refused;
    }
}
