namespace Orders.Warehouse.Status;

/// <summary>Tells the metrics how the warehouse is, as long as the service runs.</summary>
internal sealed partial class StatusMonitor(WarehouseStatusReader reader, StatusMetrics metrics, TimeProvider time, ILogger<StatusMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Between, time, stoppingToken);
                metrics.Status(await reader.ReadAsync(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogFailed(failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of the warehouse cannot be read; it is tried again")]
    private partial void LogFailed(Exception exception);
}
