using System.CommandLine;
using Orders.ServiceDefaults.Commands;

namespace Orders.Warehouse.Reconciling;

/// <summary><c>reconcile</c></summary>
internal static class LogReconcileCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var json = CommonOptions.Json();
        var command = new Command(
            "reconcile",
            "Compare the newest state of the log with Postgres: for each day the number of orders and what they amount to; of days that differ it names the orders. Exit code 1 on a difference.")
        {
            json,
        };
        command.SetAction((parsed, cancellationToken) => runner.RunAsync((context, token) => RunAsync(context, parsed.GetValue(json), token), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool json, CancellationToken cancellationToken)
    {
        var report = await context.Services.GetRequiredService<LogReconciler>().RunAsync(
            days => context.Terminal.Error.WriteLineAsync($"Days that differ for now: {days}. The log is a file behind, so they are compared again when that file should have arrived ..."), cancellationToken);
        if (json)
        {
            await context.WriteJsonAsync(report, LogReconcileJson.Default.LogReconcileReport);
            return report.Agrees ? ExitCodes.Done : ExitCodes.Failed;
        }

        foreach (var line in report.DifferentDays.Concat(report.Differences))
        {
            await context.Terminal.Out.WriteLineAsync(PlainText.Of(line));
        }

        if (report.MoreDifferences > 0)
        {
            await context.Terminal.Out.WriteLineAsync($"and {report.MoreDifferences} more orders");
        }

        await context.Terminal.Out.WriteLineAsync($"Compared: days {report.Days}, orders {report.Orders}. {(report.Agrees ? "No difference." : $"Days that differ: {report.DifferentDays.Count}.")}");
        return report.Agrees ? ExitCodes.Done : ExitCodes.Failed;
    }
}
