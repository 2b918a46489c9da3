using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.Sync.Cache;
using Orders.Sync.Projection;
using Orders.Tests.Simulation.Postgres;

namespace Orders.Tests.Simulation.Sync;

/// <summary>
/// The projection, step by step as the product's OrderProjection. What a batch comes to is decided by the
/// product's ChangeSet and RowGuard, its way through Redis is the product's OrderCacheWriter, failures are
/// classified by its ProjectionFailures. Its SQL is modelled: a transaction, in one round trip or in two.
/// </summary>
internal sealed class SimulatedProjection(World world, PostgresTransactions transactions, PostgresPool pool, OrderCacheWriter cache, Action doubted) : IBatchHandler
{
    private readonly Dictionary<ShardLease, Task> _following = [];

    public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken) => Prepare(batch)(cancellationToken);

    private async Task ApplyAsync(ShardBatch batch, ChangeSet changes, CancellationToken cancellationToken)
    {
        if (changes.SetAside.Count > 0)
        {
            world.Auditor.Break("no record is set aside", changes.SetAside[0].Error ?? "");
        }

        var cached = await cache.BeginAsync(changes.Newest, cancellationToken);
        var refused = await CommitAsync(new BatchCommit(batch, changes, cached), cancellationToken);

        // One batch behind at most, so that the cache's work does not pile up.
        await SettledAsync(batch.Lease);
        _following[batch.Lease] = FinishAsync(cached, changes, refused, cancellationToken);
    }

    public PreparedBatch Prepare(ShardBatch batch)
    {
        var changes = ChangeSet.From(batch.Records);
        return cancellationToken => ApplyAsync(batch, changes, cancellationToken);
    }

    public Task SettledAsync(ShardLease lease) => _following.Remove(lease, out var following) ? following : Task.CompletedTask;

    public FailureKind Classify(Exception failure)
    {
        pool.Note(failure);
        return ProjectionFailures.Classify(failure);
    }

    public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken)
    {
        world.Auditor.Break("no record is set aside", $"{batch.Records[0].SequenceNumber}: {failure}");
        return Task.CompletedTask;
    }

    private async Task FinishAsync(CacheCommit cached, ChangeSet changes, IReadOnlySet<Guid> refused, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Yield();
            if (refused.Count > 0)
            {
                doubted();
            }

            if (changes.Newest.Count > 0)
            {
                await cache.CompleteAsync(cached, changes, refused, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is announced and not completed is read from Postgres.
        }
    }

    private async Task<IReadOnlySet<Guid>> CommitAsync(BatchCommit commit, CancellationToken cancellationToken)
    {
        try
        {
            return await (world.Chance(0.2) ? transactions.CommitInTwoAsync(commit, cancellationToken) : transactions.CommitInOneAsync(commit, cancellationToken));
        }
        catch (PostgresException failure) when (failure.SqlState == ConsumerSqlStates.LeaseLost)
        {
            throw new LeaseLostException(commit.Batch.Lease.ShardId, failure);
        }
        catch (PostgresException refusal) when (CacheCommit.IsRefusal(refusal))
        {
            cache.Refused(refusal);
            throw;
        }
    }
}
