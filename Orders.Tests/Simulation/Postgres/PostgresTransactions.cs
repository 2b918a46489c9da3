using Orders.Tests.Simulation.Machinery;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>
/// One process' transactions: in one round trip, as batches usually are; or in several, with all that can
/// happen between.
/// </summary>
internal sealed class PostgresTransactions(World world, SimulatedProcess process, PostgresPool pool)
{
    public Task<IReadOnlySet<Guid>> CommitInOneAsync(BatchCommit commit, CancellationToken cancellationToken) => pool.UseAsync(
        async () =>
        {
            var transaction = await world.Postgres.BeginAsync(commit.Batch.Lease, process);
            await world.Queue.WaitAsync(world.Between(0.001, world.Chance(0.03) ? 0.5 : 0.005));
            return world.Postgres.Commit(transaction, commit);
        },
        writes: true,
        cancellationToken);

    public Task<IReadOnlySet<Guid>> CommitInTwoAsync(BatchCommit commit, CancellationToken cancellationToken) => RunAsync(
        () => world.Postgres.BeginAsync(commit.Batch.Lease, process),
        transaction => pool.UseAsync(() => world.Postgres.Commit(transaction, commit), writes: true, cancellationToken),
        cancellationToken);

    /// <summary>With the gate closed: no batch can be committed before it ends.</summary>
    /// <param name="find">What is to be known first.</param>
    /// <param name="write">What is committed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<TResult> RunAloneAsync<TFound, TResult>(Func<Task<TFound>> find, Func<TFound, TResult> write, CancellationToken cancellationToken) => RunAsync(
        () => world.Postgres.CloseGateAsync(process),
        async transaction =>
        {
            var found = await find();
            return await pool.UseAsync(() => world.Postgres.Commit(transaction, () => write(found)), writes: true, cancellationToken);
        },
        cancellationToken);

    private async Task<T> RunAsync<T>(Func<Task<OpenTransaction>> begin, Func<OpenTransaction, Task<T>> end, CancellationToken cancellationToken)
    {
        OpenTransaction? begun = null;
        var isLost = false;
        try
        {
            var transaction = await pool.UseAsync(
                async () =>
                {
                    begun = await begin();
                    if (isLost)
                    {
                        world.Postgres.RollBack(begun);
                    }

                    return begun;
                },
                writes: true,
                cancellationToken);
            return await end(transaction);
        }
        catch
        {
            // Whoever's connection is cut off in the middle is rolled back when the server notices.
            isLost = true;
            world.After(TimeSpan.FromSeconds(1), () =>
            {
                if (begun is not null)
                {
                    world.Postgres.RollBack(begun);
                }
            });
            throw;
        }
    }
}
