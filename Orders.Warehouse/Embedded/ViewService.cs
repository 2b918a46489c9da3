using Orders.Warehouse.Store;

namespace Orders.Warehouse.Embedded;

/// <summary>
/// Keeps the views up to date as long as the service runs: a table of SQL may come, or a column.
/// </summary>
internal sealed partial class ViewService(ViewDatabase views, TimeProvider time, ILogger<ViewService> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isSchemaWritten = false;
        string? told = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isSchemaWritten)
                {
                    await views.WriteSchemaAsync(stoppingToken);
                    isSchemaWritten = true;
                }

                await views.RefreshAsync(stoppingToken);
                told = null;
                await Task.Delay(Between, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (failure.Message != told)
                {
                    LogFailed(failure is LakeException or QueryException ? null : failure, failure.Message);
                    told = failure.Message;
                }

                await Task.Delay(Between, time, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The views of the lake cannot be kept up to date, and it is tried again: {Reason}")]
    private partial void LogFailed(Exception? exception, string reason);
}
