using Npgsql;
using Orders.ServiceDefaults.Stores;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Tables;

/// <summary>Runs the reading of the tables that SQL owns for as long as the service runs. Its failures are
/// its own: the stream's side goes on.</summary>
internal sealed partial class TablesService(
    TablesRunner runner, TableSet tables, TablesLedger ledger, TablesState state, PostgresSessions sessions, TimeProvider time, ILogger<TablesService> logger) : BackgroundService
{
    // After so many failures the pauses are the longest.
    private const double Failures = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            try
            {
                if (tables.IsEmpty && !await ledger.HasSlotAsync(stoppingToken))
                {
                    state.Phase = "off, since Orders__Warehouse__SqlTables names no table";
                    state.Fail(problem: null);
                    return;
                }

                await runner.RunAsync(stoppingToken);
                continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                sessions.Note(failure);
                state.Fail(Describe(failure));
                failures = time.GetElapsedTime(began) > Longest ? 1 : failures + 1;
                Log(failure);
            }

            await NoteAsync(stoppingToken);
            try
            {
                await Task.Delay(Longest * Math.Min(1, failures / Failures) * (1 - (Random.Shared.NextDouble() / 2)), time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    internal static string Describe(Exception failure) => failure switch
    {
        TablesException or LakeException => failure.Message,
        PostgresException refused => $"Postgres says: {refused.MessageText}",
        NpgsqlException => $"Postgres does not answer: {failure.Message}",
        _ => $"{failure.GetType().Name}: {failure.Message}",
    };

    private async Task NoteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ledger.NoteProblemAsync(state.Problem?.Text, cancellationToken);
        }
        catch (Exception failed) when (failed is OperationCanceledException || PostgresFaults.IsNoAnswer(failed))
        {
            // Postgres is what fails: readiness says so.
        }
    }

    private void Log(Exception failure)
    {
        if (failure is TablesException or LakeException)
        {
            LogRefused(failure.Message);
        }
        else if (failure is NpgsqlException and not PostgresException or PostgresException { IsTransient: true })
        {
            LogAway(Describe(failure));
        }
        else
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The SQL tables are not read: {Problem}")]
    private partial void LogRefused(string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The SQL tables are not read for now: {Problem}")]
    private partial void LogAway(string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The SQL tables are not read")]
    private partial void LogFailed(Exception failure);
}
