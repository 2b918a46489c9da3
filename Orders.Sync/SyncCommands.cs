using System.CommandLine;
using DynamoStreams.Api;
using Orders.ServiceDefaults.Commands;
using Orders.Sync.DeadLetters;
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
    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">Settings that win over every other source; null for none.</param>
    /// <param name="terminal">Where it reads and writes; null for the process's own.</param>
    /// <returns>An exit code of <see cref="ExitCodes"/>.</returns>
    public static Task<int> RunAsync(string[] arguments, IReadOnlyDictionary<string, string?>? settings = null, Terminal? terminal = null)
    {
        var runner = new CommandRunner(settings, terminal ?? Terminal.Process, SyncHost.Build) { Service = "Orders.Sync", Explain = Explain };
        return runner.InvokeAsync(Create(runner), arguments);
    }

    private static string? Explain(Exception failure) =>
        failure is StreamsException ? $"DynamoDB does not answer as it should ({failure.Message}). Check AWS_ENDPOINT_URL_DYNAMODB, AWS_REGION, Orders__Table and the rights." : null;

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
