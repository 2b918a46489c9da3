using System.CommandLine;
using Orders.ServiceDefaults.Commands;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Compacting;

/// <summary><c>compact</c></summary>
internal static class CompactCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("compact", "Turn the small files of past days into large ones, and store the newest state of each order. Queries that run meanwhile are not disturbed; the replaced files are deleted ten minutes later.");
        var anew = new Option<bool>("--state-anew") { Description = "Store the newest state of each order from all changes, and not from the last state and what came since." };
        command.Add(anew);
        command.SetAction((parsed, cancellationToken) => runner.RunAsync((context, token) => RunAsync(context, parsed.GetValue(anew), token), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool anew, CancellationToken cancellationToken)
    {
        var compactor = context.Services.GetRequiredService<Compactor>();
        var replacements = context.Services.GetRequiredService<Replacements>();
        var time = context.Services.GetRequiredService<TimeProvider>();
        var (compacted, waiting) = (0, 0);
        foreach (var day in await compactor.FindAsync(TimeSpan.Zero, leastFiles: 2, cancellationToken))
        {
            if (await compactor.CompactAsync(day, cancellationToken))
            {
                compacted++;
                await context.Terminal.Error.WriteLineAsync($"{LakePaths.Day(day.Log, day.Day)}: {day.Files} files with {day.Rows} rows");
            }
            else
            {
                waiting++;
                await context.Terminal.Error.WriteLineAsync($"{LakePaths.Day(day.Log, day.Day)}: files are being written; run the command again later");
            }
        }

        var live = await replacements.ActivateWholeAsync(time, cancellationToken);
        var deleted = await replacements.CleanAsync(cancellationToken);
        var states = context.Services.GetRequiredService<OrderStates>();
        var state = await (anew ? states.RebuildAsync(cancellationToken) : states.RefreshAsync(leastRows: 0, cancellationToken));
        await states.CleanAsync(cancellationToken);
        await context.Terminal.Out.WriteLineAsync($"{compacted} days compacted, {live} live, {deleted} replaced files deleted{(waiting > 0 ? $", {waiting} days later" : "")}; {(state is null ? "another process is storing the state of the orders" : $"the state of {state.Rows} orders is stored")}.");
        return ExitCodes.Done;
    }
}
