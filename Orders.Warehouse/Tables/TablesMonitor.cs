using Npgsql;
using Orders.ServiceDefaults.Stores;

namespace Orders.Warehouse.Tables;

/// <summary>Measures the slot, whoever reads it: an alarm must not depend on a reader.</summary>
internal sealed partial class TablesMonitor(NpgsqlDataSource database, TablesStatusReader reader, TablesMetrics metrics, TimeProvider time, ILogger<TablesMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, time);
        do
        {
            try
            {
                if (await database.LookAsync(reader.ReadAsync, Limit, time, stoppingToken) is { } status)
                {
                    metrics.Status(status);
                }
            }
            catch (Exception failed) when (PostgresFaults.IsNoAnswer(failed))
            {
                LogFailed(failed.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        while (await WaitAsync(timer, stoppingToken));
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The replication slot could not be looked at: {Reason}")]
    private partial void LogFailed(string reason);
}
