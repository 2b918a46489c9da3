using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.Sync.Projection;
using Orders.Tests.Simulation.Postgres;

namespace Orders.Tests.Simulation.Sync;

/// <summary>
/// The projection: what a batch comes to is decided by the product's ChangeSet and its RowGuard, failures by its ProjectionFailures. Its SQL is modelled: a
/// transaction, in one round trip or in two.
/// </summary>
internal sealed class SimulatedProjection(World world, PostgresTransactions transactions, PostgresPool pool, Action doubted) : IBatchHandler
{
    public async Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        var changes = batch.Prepared as ChangeSet ?? ChangeSet.From(batch.Records);
        if (changes.SetAside.Count > 0)
            world.Auditor.Break("no record is set aside", changes.SetAside[0].Error ?? "");
        var refused = await CommitAsync(new BatchCommit(batch, changes), cancellationToken);
        if (refused.Count > 0)
            doubted();
    }

    public object Prepare(IReadOnlyList<StreamRecord> records) => ChangeSet.From(records);

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

    private async Task<IReadOnlySet<Guid>> CommitAsync(BatchCommit commit, CancellationToken cancellationToken)
    {
        try
        {
            return await (world.Chance(0.2) ? transactions.CommitInTwoAsync(commit, cancellationToken) : transactions.CommitInOneAsync(commit, cancellationToken));
        }
        catch (PostgresException failure) when (failure.SqlState == CheckpointCommand.LeaseLostState)
        {
            throw new LeaseLostException(commit.Batch.Lease.ShardId, failure);
        }
    }
}
