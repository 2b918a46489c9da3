using System.CommandLine;
using Orders.ServiceDefaults.Commands;
using Orders.Sync.Reconciling;
using Orders.Sync.Repair;

namespace Orders.Sync.Snapshots;

/// <summary>
/// <c>snapshot</c> and <c>rebuild</c>: both scan the table, in this process unless an instance of the
/// service runs them already.
/// </summary>
internal static class SnapshotCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    public static Command CreateSnapshot(CommandRunner runner) => Create(
        runner,
        SnapshotKind.Snapshot,
        """
        Scan the table beside the running stream: write what is missing here or older, remove what the table no longer has, heal gaps.
        Ctrl-C stops it; the same command goes on from there.
        """);

    public static Command CreateRebuild(CommandRunner runner) => Create(
        runner,
        SnapshotKind.Rebuild,
        """
        Make the read model again from the table, order by order, while it is read and the stream goes on: a snapshot that also replaces what
        differs at the same version and computes totals, customers and products again. Ctrl-C stops it; the same command goes on from there.
        """);

    private static Command Create(CommandRunner runner, SnapshotKind kind, string description)
    {
        var json = CommonOptions.Json();
        var rate = ReconcileCommand.Rate();
        var command = new Command(kind.Name(), description) { rate, json };
        command.SetAction((parsed, token) => runner.RunAsync((context, stop) => RunAsync(context, kind, parsed.GetValue(rate), parsed.GetValue(json), stop), token));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, SnapshotKind kind, double? rate, bool json, CancellationToken cancellationToken)
    {
        var snapshots = context.Services.GetRequiredService<SnapshotControl>();
        if (await snapshots.BeginAsync(kind, "asked for by the command", cancellationToken) is not { } snapshotId)
        {
            await context.Terminal.Error.WriteLineAsync("One of the other kind is under way. Wait for it, or stop it.");
            return ExitCodes.Failed;
        }

        try
        {
            return await FollowAsync(context, snapshots, snapshotId, rate, json, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Otherwise the service would continue what the operator has just stopped.
            await snapshots.StopAsync(kind, CancellationToken.None);
            throw;
        }
    }

    private static async Task<int> FollowAsync(CommandContext context, SnapshotControl snapshots, long snapshotId, double? rate, bool json, CancellationToken cancellationToken)
    {
        var settings = context.Services.GetRequiredService<SnapshotSettings>();
        var time = context.Services.GetRequiredService<TimeProvider>();
        var scan = rate is null ? settings.Scan : settings.Scan with { ItemsPerSecond = rate > 0 ? rate : null };
        var lines = new ProgressLines(context.Terminal.Error, time);
        while (true)
        {
            // If an instance of the service was faster, this one only watches, and takes over if that one
            // dies.
            var running = context.Services.GetRequiredService<SnapshotRunner>().TryRunAsync(snapshotId, scan, cancellationToken);
            do
            {
                await Task.WhenAny(running, Task.Delay(BetweenLooks, time, cancellationToken));
                if (await snapshots.ReadProgressAsync(snapshotId, cancellationToken) is { } now)
                {
                    await lines.WriteAsync(now.Items, now.Percent, $"{now.Phase}, {now.Written} written, {now.Replaced} replaced, {now.Removed} removed");
                }
            }
            while (!running.IsCompleted);

            await running;
            if (await snapshots.ReadProgressAsync(snapshotId, cancellationToken) is { Phase: "completed" or "stopped" } ended)
            {
                return await EndAsync(context, ended, json);
            }

            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }

    private static async Task<int> EndAsync(CommandContext context, SnapshotProgress ended, bool json)
    {
        if (json)
        {
            await context.WriteJsonAsync(ended, SnapshotsJson.Default.SnapshotProgress);
        }
        else
        {
            await context.Terminal.Out.WriteLineAsync(
                $"{char.ToUpperInvariant(ended.Kind[0])}{ended.Kind[1..]} {ended.SnapshotId} {ended.Phase}: {ended.Items} items read, {ended.Orders} orders; "
                + $"{ended.Written} written, {ended.Replaced} replaced, {ended.Removed} removed, {ended.Broken} broken.");
        }

        return ended.Phase == "completed" ? ExitCodes.Done : ExitCodes.Failed;
    }
}
