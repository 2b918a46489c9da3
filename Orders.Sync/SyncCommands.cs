using System.CommandLine;
using System.CommandLine.Invocation;
using Orders.Sync.DeadLetters;
using Orders.Sync.Operations;
using Orders.Sync.Reconciling;
using Orders.Sync.Snapshots;
using Orders.Sync.Status;

namespace Orders.Sync;

/// <summary>
/// The commands of Orders.Sync: the operations API for a shell. They work directly on the stores, so that no
/// service needs to run.
/// </summary>
internal static class SyncCommands
{
    private static readonly string[] Help = ["--help", "-h", "-?", "/?", "/h", "--version"];

    /// <summary>
    /// Whether the arguments name a command. A service's own are settings (<c>--urls …</c>); <c>new-key</c>
    /// is every service's.
    /// </summary>
    public static bool Asked(string[] arguments) => arguments is [var first, ..] && first != "new-key" && (Help.Contains(first) || first[0] is not ('-' or '/'));

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">Settings that win over every other source; null for none.</param>
    /// <param name="terminal">Where it reads and writes; null for the process's own.</param>
    /// <returns>An exit code of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, IReadOnlyDictionary<string, string?>? settings = null, Terminal? terminal = null)
    {
        terminal ??= Terminal.Process;
        var parsed = Create(new CommandRunner(settings, terminal, SyncHost.Build)).Parse(arguments);
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error });
        return parsed.Action is ParseErrorAction ? ExitCodes.BadUsage : exitCode;
    }

    private static RootCommand Create(CommandRunner runner) => new(
        """
        The stream consumer of Orders. Without a command the service runs, and 'new-key' makes a key for it.

        Commands work on the stores that ConnectionStrings__orders, ConnectionStrings__redis, AWS_ENDPOINT_URL_DYNAMODB (or AWS_REGION) and
        Orders__Table name; with none of the first three set, on those of the AppHost or Orders.Local that runs in this folder or in one above.
        Exit codes: 0 done, 1 failed or a difference was found, 2 wrong usage.
        """)
    {
        StatusCommand.Create(runner),
        DeadLettersCommand.Create(runner),
        ReconcileCommand.Create(runner),
        SnapshotCommand.CreateSnapshot(runner),
        SnapshotCommand.CreateRebuild(runner),
    };
}
