using Orders.Sync.Cache;
using Orders.Tests.Simulation.Postgres;

namespace Orders.Tests.Simulation.Sync;

/// <summary>One process' way to the tables about Redis.</summary>
internal sealed class SimulatedCacheTables(World world, PostgresPool pool, PostgresTransactions transactions) : ICacheTables
{
    private CacheRows Rows => world.Postgres.Cache;

    public Task<AgreedCache?> ReadAsync() =>
        pool.UseAsync<AgreedCache?>(() => new(CacheRows.Keys, Rows.Identity, world.Postgres.NextTransaction), writes: false, CancellationToken.None);

    public async Task<bool> TryPurgeAsync(Func<Task> purge, string identity)
    {
        if (!await pool.UseAsync(TryLock, writes: true, CancellationToken.None))
        {
            return false;
        }

        try
        {
            await purge();
            await transactions.RunAloneAsync(
                () => Task.FromResult(identity),
                found =>
                {
                    world.Log.Add("postgres", $"Redis is {found[..found.LastIndexOf('/')]}");
                    return Rows.Identity = found;
                },
                CancellationToken.None);
            return true;
        }
        finally
        {
            // The lock goes with its connection, whatever becomes of that.
            world.After(world.Between(0.001, 0.5), Unlock);
        }
    }

    public Task<bool> SuspendAsync(string owner, string reason, bool purge, CancellationToken cancellationToken) =>
        pool.UseAsync(() => Rows.Suspend(owner), writes: true, cancellationToken);

    public Task SettleAsync(string owner, CancellationToken cancellationToken) => pool.UseAsync(() => Rows.Settle(owner), writes: true, cancellationToken);

    public Task<IReadOnlyList<(string Owner, bool IsLiftable)>> FindSuspensionsAsync(string owner, CancellationToken cancellationToken) =>
        pool.UseAsync(() => Rows.Suspensions(owner, world.Postgres.Leases.Alive), writes: false, cancellationToken);

    public Task<bool> TryLiftAsync(string owner, CancellationToken cancellationToken) => pool.UseAsync(() => Rows.TryLift(owner), writes: true, cancellationToken);

    public Task<(Guid[] RepairIds, IReadOnlyCollection<Guid> OrderIds)> ReadRepairsAsync(int limit, CancellationToken cancellationToken) =>
        pool.UseAsync(() => Rows.Repairs(limit), writes: false, cancellationToken);

    public Task DeleteRepairsAsync(Guid[] repairIds, CancellationToken cancellationToken) => pool.UseAsync(() => Rows.Delete(repairIds), writes: true, cancellationToken);

    private bool TryLock()
    {
        Rows.Purger ??= this;
        return Rows.Purger == this;
    }

    private void Unlock() => Rows.Purger = Rows.Purger == this ? null : Rows.Purger;
}
