using Amazon.DynamoDBv2;
using DynamoStreams.Snapshots;
using Npgsql;
using Orders.ServiceDefaults.Stores;
using Orders.Sync.Cache;
using Orders.Sync.Repair;
using Orders.Sync.Table;

namespace Orders.Sync.Reconciling;

/// <summary>
/// Compares DynamoDB, Postgres and Redis while they are in use, in bounded memory: page by page, with the
/// ids in a temporary table.
/// </summary>
internal sealed class Reconciler(
    IAmazonDynamoDB dynamoDb,
    DynamoDbSettings settings,
    NpgsqlDataSource database,
    TableReader table,
    CachedEntries cache,
    OrderRepair repair,
    TotalsCheck totals,
    TimeProvider time,
    ILoggerFactory loggers)
{
    /// <summary>Compares, and repairs if requested.</summary>
    /// <param name="options">The options.</param>
    /// <param name="progress">Reports every page.</param>
    /// <param name="cancellationToken">Stops it; nothing is left behind.</param>
    public async Task<ReconcileReport> RunAsync(ReconcileOptions options, IProgress<ReconcileReport>? progress, CancellationToken cancellationToken)
    {
        await using var met = await ScannedOrders.CreateAsync(database, cancellationToken);
        var suspects = new Suspects(database, table, cache, options, time);
        using var run = new ReconcileRun(database, cache, repair, totals, met, suspects, options, progress, cache.IsConfigured, await table.EstimateItemsAsync(cancellationToken));
        var scan = new ScanOptions { ItemsPerSecond = options.ItemsPerSecond };

        // Eventually consistent reads: half the price, and each difference is checked again.
        var pages = new DynamoDbPages(dynamoDb, settings.Table, isConsistent: false);
        await new SegmentedScan(pages, scan, time, loggers.CreateLogger<SegmentedScan>()).RunAsync(SegmentedScan.Begin(scan.Segments), run, cancellationToken);
        await run.FinishAsync(cancellationToken);
        return run.Report;
    }
}
