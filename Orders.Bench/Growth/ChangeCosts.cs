using System.Diagnostics;
using Orders.Bench.Apply;
using Orders.Bench.Stores;

namespace Orders.Bench.Growth;

/// <summary>Applies changes to a copy of filled stores.</summary>
internal static class ChangeCosts
{
    /// <exception cref="InvalidOperationException">The changes are not there afterwards.</exception>
    public static async Task<ChangeCost> MeasureAsync(BenchEngines engines, FilledStores stores, CancellationToken cancellationToken)
    {
        await using var database = await engines.CopyAsync(stores.Database, cancellationToken);
        var projection = new OurProjection(engines, withRedis: true, stores.Cache.Number);
        var held = GC.GetTotalMemory(forceFullCollection: true);
        await projection.PrepareAsync(database, cancellationToken);
        await engines.CheckpointAsync(cancellationToken);
        var took = TimeSpan.Zero;
        var cost = await ProcessorTime.OfAsync(database, stores.Cache.Database, ApplyAsync, cancellationToken);
        held = GC.GetTotalMemory(forceFullCollection: true) - held;
        await projection.FinishAsync(database, cancellationToken);
        await CheckAsync(database, stores, cancellationToken);
        await stores.RestoreCacheAsync();
        return new(cost.TotalMicroseconds / stores.Changes, stores.Changes / took.TotalSeconds, held);

        async Task ApplyAsync()
        {
            var began = Stopwatch.GetTimestamp();
            await projection.ApplyAsync(database, stores.Pages, cancellationToken);
            took = Stopwatch.GetElapsedTime(began);
        }
    }

    private static async Task CheckAsync(BenchDatabase database, FilledStores stores, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("SELECT count(*), count(*) FILTER (WHERE status = 'paid') FROM orders");
        await using var counts = await command.ExecuteReaderAsync(cancellationToken);
        await counts.ReadAsync(cancellationToken);
        var (orders, paid) = (counts.GetInt64(0), counts.GetInt64(1));
        if (orders != stores.OrdersAfter || paid != stores.PaidAfter)
            throw new InvalidOperationException($"After the changes there are {orders} orders, {paid} of them paid, not {stores.OrdersAfter} and {stores.PaidAfter}.");
    }
}
