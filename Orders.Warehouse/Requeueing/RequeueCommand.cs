using System.CommandLine;
using Orders.ServiceDefaults.Commands;

namespace Orders.Warehouse.Requeueing;

/// <summary><c>requeue</c></summary>
internal static class RequeueCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var command = new Command(
            "requeue",
            "Read the quarantine again, after the program was mended or the records in its files were. What can be typed now goes to its log, once; the rest stays.");
        command.SetAction((_, cancellationToken) => runner.RunAsync(RunAsync, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (back, stay, reason) = await context.Services.GetRequiredService<Requeue>().RunAsync(cancellationToken);
        await context.Terminal.Out.WriteLineAsync($"{back} records are back in the log, {stay} stay in the quarantine{(reason is null ? "." : $", the first because {PlainText.Of(reason)}")}");
        return ExitCodes.Done;
    }
}
