using System.CommandLine;
using Orders.ServiceDefaults.Commands;

namespace Orders.Warehouse.Snapshots;

/// <summary><c>snapshot</c></summary>
internal static class LogSnapshotCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("snapshot", "Read the whole table into the log, beside the stream: what it has and the log lacks, and what is no longer in it. The service does so by itself after a gap.");
        command.SetAction((_, cancellationToken) => runner.RunAsync(RunAsync, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (found, vanished) = await context.Services.GetRequiredService<LogSnapshotRunner>().RunAsync("asked", cancellationToken);
        await context.Terminal.Out.WriteLineAsync($"{found} orders found, {vanished} are no longer there.");
        return ExitCodes.Done;
    }
}
