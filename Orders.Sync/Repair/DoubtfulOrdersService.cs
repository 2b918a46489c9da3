using Npgsql;
using Orders.Sync.Projection;
using Orders.Sync.Table;

namespace Orders.Sync.Repair;

/// <summary>
/// Asks the table for the orders in doubt, and makes them here what they are there. Most are already: while
/// the stream catches up with a snapshot, nearly every record is from before what is here. Only those that
/// differ are repaired, which holds the stream's batches for a moment.
/// </summary>
internal sealed partial class DoubtfulOrdersService(
    NpgsqlDataSource database, DoubtfulOrders doubts, TableReader table, OrderRepair repair, TimeProvider time, ILogger<DoubtfulOrdersService> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private const int AtOnce = 10 * TableReader.MaxKeys;

    /// <summary>Settles what is in doubt now.</summary>
    /// <returns>How many orders the table was asked for.</returns>
    public async Task<int> SettleAsync(CancellationToken cancellationToken)
    {
        var settled = 0;
        while (await doubts.ReadAsync(AtOnce, cancellationToken) is { Count: > 0 } asked)
        {
            var differing = await FindDifferingAsync([.. asked.Select(order => order.OrderId)], cancellationToken);

            // What Postgres refuses is logged there, and stays as it is: asking again would not help.
            await repair.RepairAsync(differing, lease: null, cancellationToken);
            await doubts.StrikeOutAsync(asked, cancellationToken);
            LogSettled(asked.Count, differing.Count);
            settled += asked.Count;
        }

        return settled;
    }

    /// <summary>
    /// Those that are not here as the table has them. What is as it is there now is right: whatever comes
    /// later, the stream brings.
    /// </summary>
    private async Task<IReadOnlyList<Guid>> FindDifferingAsync(IReadOnlyList<Guid> orderIds, CancellationToken cancellationToken)
    {
        // In this order, so that a row is not taken for right which the table has left since.
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
                // They stay noted, and the stream goes on.
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
