using Npgsql;
using Orders.Sync.Projection;
using Orders.Sync.Repair;
using Orders.Sync.Table;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Removes the orders that the table no longer has, because the stream lost their deletion. The candidates
/// are the orders that the scan did not read; each is looked up in the table. A missing one is looked up
/// again while the gate holds the stream, and that decides, since an order may be put again after its
/// deletion. A removal is handled like any deletion: tombstone, history, totals, cache.
/// </summary>
internal sealed class SnapshotSweep(
    NpgsqlDataSource database, TableReader table, TableProjection projection, OrderRepair repair, SnapshotSettings settings, TimeProvider time, ILogger<SnapshotSweep> logger)
{
    // No time limit: rows without a candidate are read to the end before anything is returned.
    private const int NoTimeLimit = 0;

    public async Task RunAsync(SnapshotLease lease, CancellationToken cancellationToken)
    {
        var last = await FindLastAsync(cancellationToken);
        while (await FindCandidatesAsync(lease.SnapshotId, last, cancellationToken) is { Count: > 0 } candidates)
        {
            var existing = await table.FindExistingAsync(candidates, cancellationToken);
            Guid[] gone = [.. candidates.Where(candidate => !existing.Contains(candidate))];
            if (gone.Length > 0)
            {
                // Gives the stream time to bring the deletion itself.
                await Task.Delay(settings.RemovalGrace, time, cancellationToken);
                await repair.RepairAsync(gone, lease, cancellationToken);
            }

            await TransientFailures.RetryAsync(() => projection.CommitAsync(lease, ChangeSet.Of([]), [Advance(lease.SnapshotId, candidates[^1])], cancellationToken), time, logger, cancellationToken);
        }

        await projection.CommitAsync(lease, ChangeSet.Of([]), [Finish(lease.SnapshotId)], cancellationToken);
    }

    // New orders have higher ids than the rest. A sweep that looked them up too might never end.
    private async Task<Guid> FindLastAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT order_id FROM orders ORDER BY order_id DESC LIMIT 1");
        return await command.ExecuteScalarAsync(cancellationToken) is Guid last ? last : Guid.Empty;
    }

    private async Task<List<Guid>> FindCandidatesAsync(long snapshotId, Guid last, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT o.order_id
              FROM orders AS o, sync.snapshots AS s
             WHERE s.snapshot_id = $1 AND s.swept_at IS NULL
               AND (s.swept_to IS NULL OR o.order_id > s.swept_to)
               AND o.order_id <= $3
               AND NOT EXISTS (SELECT FROM sync.snapshot_seen AS seen WHERE seen.snapshot_id = $1 AND seen.order_id = o.order_id)
             ORDER BY o.order_id
             LIMIT $2
            """);
        command.CommandTimeout = NoTimeLimit;
        command.Parameters.Add(new() { Value = snapshotId });
        command.Parameters.Add(new() { Value = settings.SweepRows });
        command.Parameters.Add(new() { Value = last });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var candidates = new List<Guid>();
        while (await rows.ReadAsync(cancellationToken))
        {
            candidates.Add(rows.GetGuid(0));
        }

        return candidates;
    }

    private static NpgsqlBatchCommand Advance(long snapshotId, Guid sweptTo) => new("UPDATE sync.snapshots SET swept_to = $2 WHERE snapshot_id = $1")
    {
        Parameters = { new() { Value = snapshotId }, new() { Value = sweptTo } },
    };

    private static NpgsqlBatchCommand Finish(long snapshotId) => new("UPDATE sync.snapshots SET swept_at = clock_timestamp() WHERE snapshot_id = $1")
    {
        Parameters = { new() { Value = snapshotId } },
    };
}
