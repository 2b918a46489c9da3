using Npgsql;
using Orders.Domain;
using Orders.Sync.Cache;
using Orders.Tests.Simulation.Postgres;
using Orders.Tests.Simulation.Table;

namespace Orders.Tests.Simulation.Sync;

/// <summary>
/// Asks the table for orders in doubt while no batch can be committed, as the product's
/// DoubtfulOrdersService and OrderRepair do. Modelled: both are statements of Postgres and nothing else.
/// </summary>
internal sealed class SimulatedDoubts(World world, SyncInstance instance)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TableLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private TaskCompletionSource _noted = new();

    /// <summary>A committed batch has noted some.</summary>
    public void Noted() => _noted.TrySetResult();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = BetweenLooks;
            try
            {
                _noted = _noted.Task.IsCompleted ? new() : _noted;
                foreach (var (orderId, notedBy) in await instance.Pool.UseAsync(() => world.Postgres.Model.Doubtful, writes: false, cancellationToken))
                {
                    if (await DiffersAsync(orderId, cancellationToken))
                    {
                        await RewriteAsync(orderId, cancellationToken);
                    }

                    await instance.Pool.UseAsync(() => StrikeOut(orderId, notedBy), writes: true, cancellationToken);
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                instance.Pool.Note(failure);
                world.Log.Add(instance.Process.Name, $"orders in doubt could not be looked up: {failure.Message}");
                wait = AfterFailure;
            }

            await _noted.Task.WaitAsync(wait, instance.Time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Makes an order what it is in the table.</summary>
    public async Task RewriteAsync(Guid orderId, CancellationToken cancellationToken)
    {
        // Before the gate is closed: it may take a moment. What Redis has of it goes, whatever it is.
        var cached = await instance.Cache.BeginBesideAsync([orderId], cancellationToken);
        try
        {
            var stored = await instance.Transactions.RunAloneAsync(() => FindAsync(orderId, cancellationToken), found => Write(orderId, found, cached), cancellationToken);
            world.Log.Add(instance.Process.Name, $"has looked {OrderTable.Short(orderId)} up in the table: {stored?.Version}");
            CacheEntry[] entries = stored is null ? [] : [new(orderId, stored.Version, stored.MerchantId, stored.Body)];
            await instance.Cache.CompleteAsync(cached, entries, stored is null ? [orderId] : [], cancellationToken);
        }
        catch (PostgresException refusal) when (CacheCommit.IsRefusal(refusal))
        {
            instance.Cache.Refused(refusal);
            throw;
        }
    }

    /// <summary>The same at any time, as reconciling and rebuilding do. May fail.</summary>
    public async Task TryRewriteAsync(Guid orderId, CancellationToken cancellationToken)
    {
        try
        {
            await RewriteAsync(orderId, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or OperationCanceledException or TimeoutException)
        {
            world.Log.Add(instance.Process.Name, $"has not looked {OrderTable.Short(orderId)} up: {failure.Message}");
        }
    }

    // In this order, so that a row is not taken for right which the table has left since.
    private async Task<bool> DiffersAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var stored = await instance.Pool.UseAsync(() => world.Postgres.Model.Find(orderId), writes: false, cancellationToken);
        var found = await FindAsync(orderId, cancellationToken);
        return found is null ? stored is { IsRow: true } : stored is not { IsRow: true } || !stored.Body!.AsSpan().SequenceEqual(OrderJson.Render(found.Order));
    }

    private Task<ItemState?> FindAsync(Guid orderId, CancellationToken cancellationToken) =>
        instance.ToTable.CallAsync(() => world.Table.Find(orderId), cancellationToken).WaitAsync(TableLimit, instance.Time, cancellationToken);

    private StoredState? Write(Guid orderId, ItemState? found, CacheCommit cached)
    {
        world.Postgres.Cache.Check(cached);
        world.Postgres.Cache.List(cached.Lacking);
        return world.Postgres.Model.Rewrite(orderId, found?.Order);
    }

    private bool StrikeOut(Guid orderId, long notedBy)
    {
        world.Postgres.Model.StrikeOut(orderId, notedBy);
        return true;
    }
}
