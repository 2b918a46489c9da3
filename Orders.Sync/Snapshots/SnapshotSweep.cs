using Npgsql;
using Orders.Domain;
using Orders.Sync.Projection;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Removes the orders that the table no longer has: those whose deletion the stream lost. A candidate is an order that the scan did not meet;
/// each is looked up in the table by a consistent read, which alone decides: ids are never used again, so that an order which is here and not there
/// can only have been deleted. What is removed goes the way of any deletion: tombstone, history, totals, cache.
/// </summary>
internal sealed partial class SnapshotSweep(
    NpgsqlDataSource database, TableReader table, TableProjection projection, SnapshotSettings settings, TimeProvider time, ILogger<SnapshotSweep> logger)
{
    // A stretch without a candidate is read to its end before anything comes back.
    private const int NoTimeLimit = 0;

    public async Task RunAsync(SnapshotLease lease, CancellationToken cancellationToken)
    {
        while (await FindCandidatesAsync(lease.SnapshotId, cancellationToken) is { Count: > 0 } candidates)
        {
            var existing = await table.FindExistingAsync([.. candidates.Keys], cancellationToken);
            var gone = candidates.Where(candidate => !existing.Contains(candidate.Key)).ToDictionary();
            var changes = gone.Count == 0 ? ChangeSet.Of([]) : await BuryAsync(gone, cancellationToken);
            await PassingFailures.WaitOutAsync(
                () => projection.CommitAsync(lease, changes, [Advance(lease.SnapshotId, candidates.Keys.Last(), changes.Newest.Count)], cancellationToken), time, logger, cancellationToken);
            if (changes.Newest.Count > 0)
            {
                LogRemoved(changes.Newest.Count);
            }
        }

        await projection.CommitAsync(lease, ChangeSet.Of([]), [Finish(lease.SnapshotId)], cancellationToken);
    }

    // The bound on placed_at spares looking up what was placed while the snapshot ran. It compares the writers' clocks with the database's: an hour
    // is more than they differ, and only spares work.
    private async Task<Dictionary<Guid, long>> FindCandidatesAsync(long snapshotId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT o.order_id, o.version
              FROM orders AS o, sync.snapshots AS s
             WHERE s.snapshot_id = $1 AND s.swept_at IS NULL
               AND (s.swept_to IS NULL OR o.order_id > s.swept_to)
               AND o.placed_at < s.started_at + interval '1 hour'
               AND NOT EXISTS (SELECT FROM sync.snapshot_seen AS seen WHERE seen.snapshot_id = $1 AND seen.order_id = o.order_id)
             ORDER BY o.order_id
             LIMIT $2
            """);
        command.CommandTimeout = NoTimeLimit;
        command.Parameters.Add(new() { Value = snapshotId });
        command.Parameters.Add(new() { Value = settings.SweepRows });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var candidates = new Dictionary<Guid, long>();
        while (await rows.ReadAsync(cancellationToken))
        {
            candidates.Add(rows.GetGuid(0), rows.GetInt64(1));
        }

        return candidates;
    }

    /// <summary>The deletions of those that are still here, at the version they were seen at, after the stream had time to bring their deletion itself.</summary>
    private async Task<ChangeSet> BuryAsync(Dictionary<Guid, long> gone, CancellationToken cancellationToken)
    {
        await Task.Delay(settings.RemovalGrace, time, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var stored = await StoredOrders.ReadAsync(connection, gone.Keys, cancellationToken);
        var now = Timestamp.Truncate(time.GetUtcNow());
        return ChangeSet.Of(stored.Values.Where(order => order.Version == gone[order.OrderId]).Select(order => Deletion(order.ToOrder(), now)));
    }

    /// <summary>A deletion that no record of the stream tells of: the version after the last that is known, at the time when it was found out.</summary>
    public static OrderChange Deletion(Order last, DateTimeOffset now) =>
        new(ChangeKind.Deleted, last with { UpdatedAt = now > last.UpdatedAt ? now : last.UpdatedAt }, last.Version + 1, OrderJson.Render(last));

    private static NpgsqlBatchCommand Advance(long snapshotId, Guid sweptTo, int removed) => new(
        "UPDATE sync.snapshots SET swept_to = $2, removed = removed + $3 WHERE snapshot_id = $1")
    {
        Parameters = { new() { Value = snapshotId }, new() { Value = sweptTo }, new() { Value = (long)removed } },
    };

    private static NpgsqlBatchCommand Finish(long snapshotId) => new("UPDATE sync.snapshots SET swept_at = clock_timestamp() WHERE snapshot_id = $1")
    {
        Parameters = { new() { Value = snapshotId } },
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} orders that the table no longer has were removed")]
    private partial void LogRemoved(int count);
}
