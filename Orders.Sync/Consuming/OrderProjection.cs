using System.Collections.Concurrent;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Orders.ServiceDefaults.Stores;
using Orders.Sync.Projection;
using Orders.Sync.Table;

namespace Orders.Sync.Consuming;

/// <summary>
/// Projects batches in three steps. First the changes are announced to the followers (Redis), so that no
/// reader gets an older version from there. Then rows, totals, history and the shard's checkpoint are
/// committed to Postgres in one transaction: one round trip, or a few for a large batch that is copied. Then
/// the followers get the new versions, while the next batch is committed.
/// </summary>
internal sealed partial class OrderProjection(
    BatchCommitter committer, SourceTable table, PostgresSessions sessions, SyncMetrics metrics, TimeProvider time, ILogger<OrderProjection> logger) : IBatchHandler
{
    private readonly ConcurrentDictionary<ShardLease, Task> _following = [];

    public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken) => Prepare(batch)(cancellationToken);

    public PreparedBatch Prepare(ShardBatch batch)
    {
        var changes = ChangeSet.From(batch.Records, tableMadeAt: table.MadeAt);
        var plan = BulkPlan.TryMake(batch.Records, changes);
        return cancellationToken => ApplyAsync(batch, changes, plan, cancellationToken);
    }

    public Task SettledAsync(ShardLease lease) => _following.TryRemove(lease, out var following) ? following : Task.CompletedTask;

    public FailureKind Classify(Exception failure)
    {
        sessions.Note(failure);
        return ProjectionFailures.Classify(failure);
    }

    public async Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken)
    {
        var record = batch.Records[0];
        await committer.SetAsideAsync(batch, new DeadLetter(record, ItemKey.Of(record.Keys), MerchantOf.Record(record), failure.Message), cancellationToken);
        metrics.SetAside(1);
    }

    private async Task ApplyAsync(ShardBatch batch, ChangeSet changes, BulkPlan? plan, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        var trace = ProjectionTrace.Start(batch, changes.Versions, started);
        try
        {
            var (writing, written) = await committer.CommitAsync(batch, changes, plan, cancellationToken);
            var committedAt = time.GetUtcNow();
            // The followers are at most one batch behind, so that their work does not pile up
            // (backpressure).
            await SettledAsync(batch.Lease);
            _following[batch.Lease] = Task.Run(() => FinishAsync(batch, writing, written, started, committedAt, trace, cancellationToken), CancellationToken.None);
        }
        catch (Exception failure)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                trace?.Failed(failure);
            }

            trace?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The work after a commit. It must not fail the batch, which is committed: a retry would blame its
    /// records.
    /// </summary>
    private async Task FinishAsync(
        ShardBatch batch, OrderWriting writing, WrittenOrders written, DateTimeOffset started, DateTimeOffset committedAt, ProjectionTrace? trace, CancellationToken cancellationToken)
    {
        using var traced = trace;
        try
        {
            metrics.Committed(written.Changes, batch.Records.Count, committedAt - started);
            metrics.SetAside(written.Changes.SetAside.Count);
            trace?.Committed(written.Changes.Versions, committedAt);
            await writing.FinishAsync(written, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Readers get entries that are announced and not completed from Postgres.
        }
        catch (Exception failure)
        {
            trace?.Failed(failure);
            LogNotFinished(failure, batch.Lease.ShardId);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: a batch is committed, but what follows failed; its orders are read from Postgres")]
    private partial void LogNotFinished(Exception exception, string shardId);
}
