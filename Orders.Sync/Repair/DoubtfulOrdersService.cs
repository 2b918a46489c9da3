using Npgsql;
using Orders.Sync.Projection;
using Orders.Sync.Table;

namespace Orders.Sync.Repair;

/// <summary>
/// Reads the orders in doubt from the table, and repairs those that differ; a repair holds the stream's
/// batches for a moment. Most do not differ: while the stream catches up after a snapshot, nearly every
/// record is older than the stored state.
/// </summary>
internal sealed partial class DoubtfulOrdersService(
    NpgsqlDataSource database, DoubtfulOrders doubts, TableReader table, OrderRepair repair, TimeProvider time, ILogger<DoubtfulOrdersService> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private const int AtOnce = 10 * TableReader.MaxKeys;

    /// <summary>Resolves the orders that are in doubt now.</summary>
    /// <returns>How many orders were read from the table.</returns>
    public async Task<int> SettleAsync(CancellationToken cancellationToken)
    {
        var settled = 0;
        while (await doubts.ReadAsync(AtOnce, cancellationToken) is { Count: > 0 } asked)
        {
            var differing = await FindDifferingAsync([.. asked.Select(order => order.OrderId)], cancellationToken);

            // An order that Postgres rejects is logged by the repair and stays as it is: a retry would not
            // help.
            await repair.RepairAsync(differing, lease: null, cancellationToken);
            await doubts.DeleteAsync(asked, cancellationToken);
            LogSettled(asked.Count, differing.Count);
            settled += asked.Count;
        }

        return settled;
    }

    /// <summary>
    /// Finds orders that differ from the table. An order that equals the table now is right: the stream
    /// brings all later changes.
    /// </summary>
    private async Task<IReadOnlyList<Guid>> FindDifferingAsync(IReadOnlyList<Guid> orderIds, CancellationToken cancellationToken)
    {
        // The order matters: the rows are read first, so that a row the table has changed since is not taken
        // as right.
        Dictionary<Guid, StoredOrder> stored;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            stored = await StoredOrders.ReadAsync(connection, orderIds, cancellationToken);
        }

        var truths = await table.ReadAsync(orderIds, cancellationToken);
        return [.. orderIds.Where(orderId => OrderComparison.Compare(truths.GetValueOrDefault(orderId)?.Order, stored.GetValueOrDefault(orderId)).Any())];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await SettleAsync(stoppingToken);
                await doubts.WaitAsync(BetweenLooks, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The orders stay noted, and the stream continues.
                LogFailed(failure.Message);
                await Task.Delay(AfterFailure, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} orders were looked up in the table, since a change came that was not surely later than what was here; {Differing} differed")]
    private partial void LogSettled(int count, int differing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Orders in doubt could not be looked up in the table, and will be: {Reason}")]
    private partial void LogFailed(string reason);
}
