using System.Diagnostics;
using Orders.Bench.Apply;
using Orders.Bench.Stores;

namespace Orders.Bench.Growth;

/// <summary>Applies changes to a copy of filled stores.</summary>
internal static class ChangeCosts
{
    private const string LogSql = "SELECT (pg_current_wal_insert_lsn() - '0/0')::float8";
    private const string CountsSql = "SELECT count(*), count(*) FILTER (WHERE status = 'paid') FROM orders";

    /// <exception cref="InvalidOperationException">The changes are missing afterwards.</exception>
    public static async Task<ChangeCost> MeasureAsync(BenchEngines engines, ChangeSide side, CancellationToken cancellationToken)
    {
        var (stores, changes) = (side.Stores, side.Changes);
        await using var database = await engines.CopyAsync(stores.Database, cancellationToken);
        var projection = new OurProjection(engines, stores.Cache.Number);
        await projection.PrepareAsync(database, cancellationToken);
        await engines.CheckpointAsync(cancellationToken);
        await projection.ApplyAsync(database, changes.WarmUp, cancellationToken);
        await projection.TakeShardAsync(cancellationToken);
        var kept = GC.GetTotalMemory(forceFullCollection: true);
        var count = changes.Measured.Count * Workload.PageRecords;
        var (took, allocated, logged) = (TimeSpan.Zero, GC.GetTotalAllocatedBytes(precise: true), await LoggedAsync(database, cancellationToken));
        var cost = await ProcessorTime.OfAsync(database, stores.Cache.Database, ApplyAsync, cancellationToken);
        (allocated, logged) = (GC.GetTotalAllocatedBytes(precise: true) - allocated, await LoggedAsync(database, cancellationToken) - logged);
        kept = GC.GetTotalMemory(forceFullCollection: true) - kept;
        await projection.FinishAsync(database, cancellationToken);
        await CheckAsync(database, side, cancellationToken);
        await stores.Cache.RestoreAsync(changes.Placed, changes.Before);
        return new(cost.TotalMicroseconds / count, count / took.TotalSeconds, logged / count, (double)allocated / count, kept);

        async Task ApplyAsync()
        {
            var began = Stopwatch.GetTimestamp();
            await projection.ApplyAsync(database, changes.Measured, cancellationToken);
            took = Stopwatch.GetElapsedTime(began);
        }
    }

    private static async Task<double> LoggedAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(LogSql);
        return (double)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task CheckAsync(BenchDatabase database, ChangeSide side, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(CountsSql);
        await using var counts = await command.ExecuteReaderAsync(cancellationToken);
        await counts.ReadAsync(cancellationToken);
        var (orders, paid) = (counts.GetInt64(0), counts.GetInt64(1));
        if (orders != side.OrdersAfter || paid != side.PaidAfter)
        {
            throw new InvalidOperationException($"After the changes there are {orders} orders, {paid} of them paid, not {side.OrdersAfter} and {side.PaidAfter}.");
        }
    }
}
