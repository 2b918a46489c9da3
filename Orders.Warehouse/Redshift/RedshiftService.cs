using System.Globalization;
using Npgsql;
using Orders.ServiceDefaults.Stores;

namespace Orders.Warehouse.Redshift;

/// <summary>Loads Redshift as long as the service runs. Of several instances one does it at a
/// time.</summary>
internal sealed partial class RedshiftService(
    NpgsqlDataSource database, RedshiftLoader loader, RedshiftLedger ledger, RedshiftNotes notes, RedshiftSettings settings, RedshiftMetrics metrics, TimeProvider time, ILogger<RedshiftService> logger) : BackgroundService
{
    // "redshift" in ASCII.
    private const long LockKey = 0x7265647368696674;

    private string? _loaded;
    private DateTimeOffset _completeAt = time.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure);
                metrics.Failed();
                await NoteAsync(failure.Message, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await Task.Delay(settings.Between, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>One load, unless another instance is in one.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        // A transaction that only holds the lock: it keeps no snapshot, and it ends with the connection.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var asking = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_try_advisory_xact_lock({LockKey})"), connection);
        if (await asking.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return;
        }

        // Redshift sleeps, and costs nothing, as long as nothing has come.
        var fingerprint = await ledger.FingerprintAsync(cancellationToken);
        if (fingerprint == _loaded)
        {
            _completeAt = time.GetUtcNow();
            metrics.Status(TimeSpan.Zero, setAside: 0);
            await notes.NothingNewAsync(cancellationToken);
            return;
        }

        var result = await loader.RunAsync(cancellationToken);
        metrics.Loaded(result.Loaded);
        foreach (var file in result.Failed)
        {
            LogFile(file.Path, file.Reason);
        }

        foreach (var log in result.Logs.Where(log => log.Problem is not null))
        {
            LogLeftOut(log.Log, log.Problem!);
        }

        if (result.Problem is not null)
        {
            metrics.Failed();
        }

        if (result.IsComplete)
        {
            (_loaded, _completeAt) = (fingerprint, time.GetUtcNow());
        }

        metrics.Status(time.GetUtcNow() - _completeAt, result.SetAside);
        await notes.DoneAsync(result, cancellationToken);
        LogLoaded(result.Loaded, result.Files);
    }

    private async Task NoteAsync(string problem, CancellationToken cancellationToken)
    {
        metrics.Status(time.GetUtcNow() - _completeAt, setAside: 0);
        try
        {
            await notes.FailedAsync(problem, cancellationToken);
        }
        catch (Exception failure) when (PostgresFaults.IsNoAnswer(failure))
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Redshift: {Loaded} files loaded, {Files} are there")]
    private partial void LogLoaded(int loaded, long files);

    [LoggerMessage(Level = LogLevel.Error, Message = "Redshift: {Path} cannot be loaded: {Reason}")]
    private partial void LogFile(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Redshift: {Log} is not loaded: {Problem}")]
    private partial void LogLeftOut(string log, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Redshift: the load failed, and nothing of it counts; it is tried again")]
    private partial void LogFailed(Exception exception);
}
