using DynamoStreams;
using Npgsql;
using Orders.Warehouse.Ledger;

namespace Orders.Warehouse.Snapshots;

/// <summary>Runs a snapshot when one is needed: at the first start, and after a gap. Of several instances
/// one does it at a time.</summary>
internal sealed partial class LogSnapshotService(
    NpgsqlDataSource database, LogSnapshotStore store, LogSnapshotRunner runner, StreamAge age, StreamConsumer consumer, TimeProvider time, ILogger<LogSnapshotService> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Between;
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure);
                wait = AfterFailure;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        // What happens from now on comes by the stream, whose shards must be known for that.
        if (!consumer.Progress.HasListed || await store.NeedAsync(cancellationToken) is null)
        {
            return;
        }

        await using var turn = await LedgerTurn.TryTakeAsync(database, Snapshot.Turn, cancellationToken);
        if (turn is null || await store.NeedAsync(cancellationToken) is not { } reason)
        {
            return;
        }

        if (reason == "start" && await age.IsWholeAsync(cancellationToken))
        {
            await store.SkipAsync(cancellationToken);
            return;
        }

        await runner.RunAsync(reason, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A snapshot failed; it goes on where it was")]
    private partial void LogFailed(Exception exception);
}
