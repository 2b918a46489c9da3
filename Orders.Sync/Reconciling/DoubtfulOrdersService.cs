using Orders.Sync.Projection;
using Orders.Sync.Snapshots;

namespace Orders.Sync.Reconciling;

/// <summary>Asks the table for the orders in doubt, and makes them here what they are there.</summary>
internal sealed partial class DoubtfulOrdersService(DoubtfulOrders doubts, OrderRepair repair, TimeProvider time, ILogger<DoubtfulOrdersService> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Settles what is in doubt now.</summary>
    /// <returns>How many orders the table was asked for.</returns>
    public async Task<int> SettleAsync(CancellationToken cancellationToken)
    {
        var settled = 0;
        while (await doubts.ReadAsync(TableReader.MaxKeys, cancellationToken) is { Count: > 0 } asked)
        {
            // What Postgres refuses is logged there, and stays as it is: asking again would not help.
            await repair.RepairAsync([.. asked.Select(order => order.OrderId)], lease: null, cancellationToken);
            await doubts.StrikeOutAsync(asked, cancellationToken);
            LogSettled(asked.Count);
            settled += asked.Count;
        }

        return settled;
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

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} orders were looked up in the table: a change came that was not surely later than what was here")]
    private partial void LogSettled(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Orders in doubt could not be looked up in the table, and will be: {Reason}")]
    private partial void LogFailed(string reason);
}
