using Npgsql;
using Orders.Warehouse.Ledger;

namespace Orders.Warehouse.Compacting;

/// <summary>
/// Looks after the lake as long as the service runs: compacts past days, stores the state of the orders,
/// lets replaced files go, and settles what crashes left. Of several instances one does it at a time.
/// </summary>
internal sealed partial class UpkeepService(
    NpgsqlDataSource database, Compactor compactor, Replacements replacements, OrderStates states, LakeSweep sweep, TimeProvider time, ILogger<UpkeepService> logger) : BackgroundService
{
    private const int LeastFiles = 16;
    private const long LeastChanges = 100_000;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromHours(1);

    private long? _sweptAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Between, time, stoppingToken);
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>One round, unless another instance is in one.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var turn = await LedgerTurn.TryTakeAsync(database, "upkeep", cancellationToken);
        if (turn is null)
        {
            return;
        }

        var (live, forgotten) = await sweep.SettleAsync(cancellationToken);
        if (live + forgotten > 0)
        {
            LogSettled(live, forgotten);
        }

        await replacements.ActivateAsync(cancellationToken);
        await replacements.CleanAsync(cancellationToken);
        foreach (var day in await compactor.FindAsync(Quiet, LeastFiles, cancellationToken))
        {
            if (await compactor.CompactAsync(day, cancellationToken))
            {
                LogCompacted(day.Log, day.Day, day.Files, day.Rows);
            }
        }

        await states.RefreshAsync(LeastChanges, cancellationToken);
        await states.CleanAsync(cancellationToken);
        if (_sweptAt is not { } at || time.GetElapsedTime(at) > BetweenSweeps)
        {
            _sweptAt = time.GetTimestamp();
            foreach (var orphan in await sweep.DeleteOrphansAsync(cancellationToken))
            {
                LogOrphan(orphan);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Log} of {Day}: {Files} files with {Rows} rows are put together")]
    private partial void LogCompacted(string log, DateOnly day, long files, long rows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of files whose shard is gone, {Live} are whole and count, {Forgotten} were never written")]
    private partial void LogSettled(int live, int forgotten);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deleted {Path}: it was written late by an instance that had lost its shard")]
    private partial void LogOrphan(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking after the lake failed; it is tried again")]
    private partial void LogFailed(Exception exception);
}
