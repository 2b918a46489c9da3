using System.CommandLine;
using Orders.ServiceDefaults.Commands;
using Orders.Warehouse.Compacting;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Reconciling;
using Orders.Warehouse.Requeueing;
using Orders.Warehouse.Snapshots;
using Orders.Warehouse.Status;
using Orders.Warehouse.Store;

namespace Orders.Warehouse;

/// <summary>
/// The commands of Orders.Warehouse. They work directly on the stores: no service needs to run.
/// </summary>
internal static class WarehouseCommands
{
    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">Settings that win over every other source; null for none.</param>
    /// <param name="terminal">Where it reads and writes; null for the process's own.</param>
    /// <returns>An exit code of <see cref="ExitCodes"/>.</returns>
    public static Task<int> RunAsync(string[] arguments, IReadOnlyDictionary<string, string?>? settings = null, Terminal? terminal = null)
    {
        var runner = new CommandRunner(settings, terminal ?? Terminal.Process, WarehouseHost.Build) { Service = "Orders.Warehouse", Explain = failure => failure is LakeException or QueryException ? failure.Message : null };
        return runner.InvokeAsync(Create(runner), arguments);
    }

    private static RootCommand Create(CommandRunner runner) => new(
        """
        The warehouse of Orders. Without a command the service runs, and 'new-key' makes a key for it.

        Commands work on the stores that ConnectionStrings__orders, AWS_ENDPOINT_URL_DYNAMODB (or AWS_REGION), Orders__Table and
        Orders__Warehouse__Lake name; with none of the first two set, on those of the AppHost or Orders.Local that runs in this folder or in one above.
        Exit codes: 0 done, 1 failed or a difference was found, 2 wrong usage.
        """)
    {
        WarehouseStatusCommand.Create(runner),
        LogReconcileCommand.Create(runner),
        CompactCommand.Create(runner),
        RequeueCommand.Create(runner),
        ForgetCommand.Create(runner),
        SqlCommand.Create(runner),
        LogSnapshotCommand.Create(runner),
    };
}
