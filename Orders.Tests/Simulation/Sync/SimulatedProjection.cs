using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.Domain;
using Orders.Sync.Projection;
using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Postgres;
using Orders.Tests.Simulation.Table;

namespace Orders.Tests.Simulation.Sync;

/// <summary>
/// The projection: what a batch comes to is decided by the product's ChangeSet and its rule of rows, failures by its ProjectionFailures. Its SQL is modelled: a
/// transaction, in one round trip or in two.
/// </summary>
internal sealed class SimulatedProjection(World world, SimulatedProcess process, PostgresPool pool, Link table) : IBatchHandler
{
    public async Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        var commit = BatchCommit.Of(batch, batch.Prepared as ChangeSet ?? ChangeSet.From(batch.Records));
        try
        {
            var doubtful = await (world.Chance(0.2) ? CommitInTwoAsync(commit, cancellationToken) : CommitInOneAsync(commit, cancellationToken));
            if (doubtful.Count > 0)
                await CommitAloneAsync(commit, doubtful, cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState == CheckpointCommand.LeaseLostState)
        {
            throw new LeaseLostException(batch.Lease.ShardId, failure);
        }
    }

    public object Prepare(IReadOnlyList<StreamRecord> records) => ChangeSet.From(records);

    public FailureKind Classify(Exception failure)
    {
        pool.Note(failure);
        return ProjectionFailures.Classify(failure);
    }

    public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken)
    {
        world.Auditor.Break("no record is set aside", $"{batch.Records[0].SequenceNumber}: {failure.Message}");
        return Task.CompletedTask;
    }

    /// <summary>Writes an order anew from the table while no batch can commit, as reconciling and snapshots do.</summary>
    public async Task RewriteAsync(Guid orderId, CancellationToken cancellationToken)
    {
        try
        {
            var transaction = await BeginAsync(() => world.Postgres.CloseGateAsync(process), cancellationToken);
            try
            {
                // A tombstone is left only of an order that is known here.
                var known = world.Postgres.Model.Find(orderId);
                var found = await LookUpAsync(orderId, known ?? new(0, default, "", null, null), cancellationToken);
                await pool.UseAsync(() => world.Postgres.Rewrite(transaction, orderId, known is null && !found.IsRow ? null : found), writes: true, cancellationToken);
                world.Log.Add(process.Name, $"has written {OrderTable.Short(orderId)} anew from the table");
            }
            catch
            {
                Abort(transaction);
                throw;
            }
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or OperationCanceledException)
        {
            world.Log.Add(process.Name, $"has not written {OrderTable.Short(orderId)} anew: {failure.Message}");
        }
    }

    private Task<IReadOnlySet<Guid>> CommitInOneAsync(BatchCommit commit, CancellationToken cancellationToken) => pool.UseAsync(
        async () =>
        {
            var transaction = await world.Postgres.BeginAsync(commit.Batch.Lease, process, isAlone: false);
            await world.Queue.WaitAsync(world.Between(0.001, world.Chance(0.03) ? 0.5 : 0.005));
            return world.Postgres.Commit(transaction, commit);
        },
        writes: true,
        cancellationToken);

    private async Task<IReadOnlySet<Guid>> CommitInTwoAsync(BatchCommit commit, CancellationToken cancellationToken)
    {
        var transaction = await BeginAsync(commit, isAlone: false, cancellationToken);
        return await EndAsync(transaction, commit, cancellationToken);
    }

    /// <summary>Looks orders up in the table while no other batch can commit, and commits what it says.</summary>
    private async Task CommitAloneAsync(BatchCommit commit, IReadOnlySet<Guid> doubtful, CancellationToken cancellationToken)
    {
        world.Log.Add(process.Name, $"looks {doubtful.Count} orders up in the table");
        var transaction = await BeginAsync(commit, isAlone: true, cancellationToken);
        try
        {
            // What is not in doubt any more by now is written as it is.
            foreach (var change in commit.Newest.Where(change => doubtful.Contains(change.OrderId)))
                commit.LookedUp[change.OrderId] = await LookUpAsync(change.OrderId, change.State, cancellationToken);
            if ((await EndAsync(transaction, commit, cancellationToken)).Count > 0)
                throw new NpgsqlException("others are in doubt now");
        }
        catch
        {
            Abort(transaction);
            throw;
        }
        finally
        {
            commit.LookedUp.Clear();
        }
    }

    /// <summary>What the table has: a row without a place; a tombstone where it has nothing.</summary>
    public async Task<StoredState> LookUpAsync(Guid orderId, StoredState known, CancellationToken cancellationToken)
    {
        var item = await table.CallAsync(() => world.Table.Find(orderId), cancellationToken);
        return item is { Order: var order }
            ? new(order.Version, order.UpdatedAt, order.MerchantId, OrderJson.Render(order), Place: null)
            : known with { Body = null, Place = null };
    }

    private Task<OpenTransaction> BeginAsync(BatchCommit commit, bool isAlone, CancellationToken cancellationToken) =>
        BeginAsync(() => world.Postgres.BeginAsync(commit.Batch.Lease, process, isAlone), cancellationToken);

    private async Task<OpenTransaction> BeginAsync(Func<Task<OpenTransaction>> begin, CancellationToken cancellationToken)
    {
        OpenTransaction? begun = null;
        var isLost = false;
        try
        {
            return await pool.UseAsync(
                async () =>
                {
                    begun = await begin();
                    if (isLost)
                        world.Postgres.RollBack(begun);
                    return begun;
                },
                writes: true,
                cancellationToken);
        }
        catch
        {
            isLost = true;
            Abort(begun);
            throw;
        }
    }

    private async Task<IReadOnlySet<Guid>> EndAsync(OpenTransaction transaction, BatchCommit commit, CancellationToken cancellationToken)
    {
        try
        {
            return await pool.UseAsync(() => world.Postgres.Commit(transaction, commit), writes: true, cancellationToken);
        }
        catch
        {
            Abort(transaction);
            throw;
        }
    }

    // Whoever's connection is cut off in the middle is rolled back when the server notices.
    private void Abort(OpenTransaction? transaction)
    {
        if (transaction is not null)
            world.After(TimeSpan.FromSeconds(1), () => world.Postgres.RollBack(transaction));
    }
}
