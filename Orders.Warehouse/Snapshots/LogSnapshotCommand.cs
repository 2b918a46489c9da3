using System.CommandLine;
using Npgsql;
using Orders.ServiceDefaults.Commands;
using Orders.Warehouse.Ledger;

namespace Orders.Warehouse.Snapshots;

/// <summary><c>snapshot</c></summary>
internal static class LogSnapshotCommand
{
    private const int TriesUntilTold = 10;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("snapshot", "Read the whole table into the log, beside the stream: a row 'found' for each order in it, and 'vanished' for each that is no longer in it. The service does so by itself after a gap.");
        command.SetAction((_, cancellationToken) => runner.RunAsync(RunAsync, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var turn = await TakeTurnAsync(context, cancellationToken);
        var (found, vanished) = await context.Services.GetRequiredService<LogSnapshotRunner>().RunAsync("asked", cancellationToken);
        await context.Terminal.Out.WriteLineAsync($"Orders found: {found}. No longer there: {vanished}.");
        return ExitCodes.Done;
    }

    // The service has it for a moment each time that it looks, and for long when it runs a snapshot itself.
    private static async Task<LedgerTurn> TakeTurnAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (database, time) = (context.Services.GetRequiredService<NpgsqlDataSource>(), context.Services.GetRequiredService<TimeProvider>());
        for (var tries = 1; ; tries++)
        {
            if (await LedgerTurn.TryTakeAsync(database, Snapshot.Turn, cancellationToken) is { } turn)
            {
                return turn;
            }

            if (tries == TriesUntilTold)
            {
                await context.Terminal.Error.WriteLineAsync("Another instance runs a snapshot; this one begins when that is done. Ctrl-C stops waiting.");
            }

            await Task.Delay(BetweenTries, time, cancellationToken);
        }
    }
}
