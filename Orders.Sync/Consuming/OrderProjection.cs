using System.Collections.Concurrent;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.DeadLetters;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.ServiceDefaults.Stores;
using Orders.Sync.Cache;
using Orders.Sync.Projection;

namespace Orders.Sync.Consuming;

/// <summary>
/// Projects batches. The changes are announced in Redis first, so that no reader gets an older version from there. Then Postgres: rows, totals, history and the
/// shard's checkpoint in one transaction, which is one round trip, or a few of a large batch, which is copied. Then Redis gets the new versions, while the next
/// batch is committed.
/// </summary>
internal sealed partial class OrderProjection(
    NpgsqlDataSource database, OrderCacheWriter cache, DoubtfulOrders doubts, PassedOver passedOver, PostgresSessions sessions, SyncMetrics metrics, TimeProvider time, ILogger<OrderProjection> logger)
    : IBatchHandler
{
    private readonly ConcurrentDictionary<ShardLease, Task> _following = [];

    public async Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        var prepared = batch.Prepared as Prepared ?? new(ChangeSet.From(batch.Records), null);
        var trace = ProjectionTrace.Start(batch, prepared.Changes.Versions, started);
        try
        {
            var committed = await CommitAsync(batch, prepared, cancellationToken);
            var committedAt = time.GetUtcNow();
            // One batch behind at most, so that the cache's work does not pile up.
            await SettledAsync(batch.Lease);
            _following[batch.Lease] = Task.Run(() => FinishAsync(batch, committed, started, committedAt, trace, cancellationToken), CancellationToken.None);
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

    private async Task<Committed> CommitAsync(ShardBatch batch, Prepared prepared, CancellationToken cancellationToken)
    {
        var changes = prepared.Changes;
        var cached = await cache.BeginAsync(changes.Newest, cancellationToken);
        try
        {
            return await TryLoadAsync(batch, prepared.Plan, cached, cancellationToken)
                ?? await TryCommitAsync(batch, changes, cached, cancellationToken)
                ?? await CommitAroundBlockedAsync(batch, changes, cached, cancellationToken);
        }
        catch (PostgresException refusal) when (CacheCommit.IsRefusal(refusal))
        {
            cache.Refused(refusal);
            throw;
        }
        catch (PostgresException refused) when (ProjectionFailures.Classify(refused) == FailureKind.Record)
        {
            // Certainly not committed. What is set aside of it is to be read and written as before.
            await cache.CompleteAsync(cached, [], [.. changes.Newest.Select(change => change.OrderId)], cancellationToken);
            throw;
        }
    }

    public object Prepare(IReadOnlyList<StreamRecord> records)
    {
        var changes = ChangeSet.From(records);
        return new Prepared(changes, BulkPlan.TryMake(records, changes));
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
        var letter = new DeadLetter(record, ItemKey.Of(record.Keys), MerchantOf.Record(record), failure.Message);
        await using var statements = database.CreateBatch();
        statements.BatchCommands.Add(CheckpointCommand.For(batch, lastChangeAt: null));
        statements.BatchCommands.Add(DeadLetterCommands.Keep(batch.Lease, [letter]));
        await FencedAsync(batch, () => statements.ExecuteNonQueryAsync(cancellationToken));
        metrics.SetAside(1);
    }

    /// <summary>Commits a large batch that nothing of has been applied before, which is the cheapest way there is.</summary>
    /// <returns>Null when there is no plan for it, or it does not hold: nothing was committed.</returns>
    private async Task<Committed?> TryLoadAsync(ShardBatch batch, BulkPlan? plan, CacheCommit cached, CancellationToken cancellationToken)
    {
        if (plan is null)
        {
            return null;
        }

        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await FencedAsync(batch, async () =>
            {
                await BulkLoad.WriteAsync(connection, batch, plan, cached.Commands(), cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return 0;
            });
            return new Committed(plan.Changes, cached, new HashSet<Guid>(), []);
        }
        catch (Exception failure) when (failure is BulkConflictException || failure is PostgresException refused && DeadLetterCommands.IsBlocked(refused))
        {
            return null;
        }
    }

    /// <summary>
    /// Commits a batch none of whose items has dead letters, which is to say nearly every one. The statements are one implicit transaction: they go out
    /// together with one Sync message, so that either all of them are committed or none.
    /// </summary>
    /// <returns>Null when an item has some: nothing was committed.</returns>
    private async Task<Committed?> TryCommitAsync(ShardBatch batch, ChangeSet changes, CacheCommit cached, CancellationToken cancellationToken)
    {
        await using var statements = database.CreateBatch();
        statements.BatchCommands.Add(CheckpointCommand.For(batch, changes.LastChangeAt));
        if (changes.ItemKeys.Count > 0)
        {
            statements.BatchCommands.Add(DeadLetterCommands.RefuseIfBlocked(changes.ItemKeys));
        }

        try
        {
            return await ExecuteAsync(statements, batch, changes, cached, cancellationToken);
        }
        catch (PostgresException refused) when (DeadLetterCommands.IsBlocked(refused))
        {
            return null;
        }
    }

    /// <summary>Commits what may be applied, and sets aside the records of items that have dead letters already.</summary>
    private async Task<Committed> CommitAroundBlockedAsync(ShardBatch batch, ChangeSet all, CacheCommit cached, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var blocked = new List<string>();
        await FencedAsync(batch, async () =>
        {
            await using var asking = connection.CreateBatch();
            asking.BatchCommands.Add(CheckpointCommand.For(batch, all.LastChangeAt));
            asking.BatchCommands.Add(DeadLetterCommands.LockBlocked(all.ItemKeys));
            await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                blocked.Add(reader.GetString(0));
            }

            return blocked.Count;
        });

        var changes = ChangeSet.From(batch.Records, blocked);
        await using var statements = connection.CreateBatch();
        var committed = await ExecuteAsync(statements, batch, changes, cached, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return committed with { StayOut = [.. all.Newest.Select(change => change.OrderId).Except(changes.Newest.Select(change => change.OrderId))] };
    }

    private static async Task<Committed> ExecuteAsync(NpgsqlBatch statements, ShardBatch batch, ChangeSet changes, CacheCommit cached, CancellationToken cancellationToken)
    {
        foreach (var command in ProjectionCommands.For(changes))
        {
            statements.BatchCommands.Add(command);
        }

        if (changes.SetAside.Count > 0)
        {
            statements.BatchCommands.Add(DeadLetterCommands.Keep(batch.Lease, changes.SetAside));
        }

        if (changes.Newest.Count > 0)
        {
            cached.AddTo(statements, RefusedOrders.FindAndNote(changes.Newest));
        }

        var passed = new List<PassedChange>();
        var refused = statements.BatchCommands.Count > 0
            ? await FencedAsync(batch, () => RefusedOrders.ExecuteAsync(statements, passed, cancellationToken))
            : new HashSet<Guid>();
        return new Committed(changes, cached, refused, passed);
    }

    /// <summary>What follows a commit. Nothing here may fail the batch, which is done: trying it again would blame its records.</summary>
    private async Task FinishAsync(
        ShardBatch batch, Committed committed, DateTimeOffset started, DateTimeOffset committedAt, ProjectionTrace? trace, CancellationToken cancellationToken)
    {
        using var traced = trace;
        try
        {
            var (changes, cached, refused) = (committed.Changes, committed.Cached, committed.Refused);
            metrics.Committed(changes, batch.Records.Count, committedAt - started);
            metrics.SetAside(changes.SetAside.Count);
            trace?.Committed(changes.Versions, committedAt);
            doubts.Noted(changes.Gone.Count == 0 ? refused : new HashSet<Guid>([.. refused, .. changes.Gone]));
            if (changes.Newest.Count > 0)
            {
                await cache.CompleteAsync(cached, changes, refused, cancellationToken);
            }

            if (committed.StayOut.Count > 0)
            {
                await cache.CompleteAsync(cached, [], committed.StayOut, cancellationToken);
            }

            await passedOver.TellAsync(committed.Passed, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is announced and not completed is read from Postgres.
        }
        catch (Exception failure)
        {
            trace?.Failed(failure);
            LogNotFinished(failure, batch.Lease.ShardId);
        }
    }

    private static async Task<T> FencedAsync<T>(ShardBatch batch, Func<Task<T>> execute)
    {
        try
        {
            return await execute();
        }
        catch (PostgresException failure) when (CheckpointCommand.IsLeaseLost(failure))
        {
            throw new LeaseLostException(batch.Lease.ShardId, failure);
        }
    }

    private sealed record Prepared(ChangeSet Changes, BulkPlan? Plan);

    private sealed record Committed(ChangeSet Changes, CacheCommit Cached, IReadOnlySet<Guid> Refused, IReadOnlyCollection<PassedChange> Passed)
    {
        /// <summary>Orders that were announced, and then had dead letters.</summary>
        public IReadOnlyCollection<Guid> StayOut { get; init; } = [];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: a batch is committed, but what follows failed; its orders are read from Postgres")]
    private partial void LogNotFinished(Exception exception, string shardId);
}
