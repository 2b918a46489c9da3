using System.CommandLine;
using Orders.Domain;
using Orders.ServiceDefaults.Commands;

namespace Orders.Sync.Status;

/// <summary><c>status</c></summary>
internal static class StatusCommand
{
    public static Command Create(CommandRunner runner)
    {
        var json = CommonOptions.Json();
        var command = new Command("status", "Show where the replication stands: shards and their owners, lag, dead letters, gaps, cache repairs, orders in doubt, changes passed over.") { json };
        command.SetAction((parsed, token) => runner.RunAsync((context, stop) => RunAsync(context, parsed.GetValue(json), stop), token));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool json, CancellationToken cancellationToken)
    {
        var status = await context.Services.GetRequiredService<StatusReader>().ReadAsync(cancellationToken);
        await (json ? context.WriteJsonAsync(status, StatusJson.Default.SyncStatus) : WriteAsync(context.Terminal.Out, status));
        return ExitCodes.Done;
    }

    private static async Task WriteAsync(TextWriter output, SyncStatus status)
    {
        await output.WriteLineAsync(PlainText.Of($"Table {status.Table}, {(status.Instances.Count == 0 ? "no instance runs" : $"instances: {string.Join(", ", status.Instances)}")}"));
        await output.WriteLineAsync();
        if (status.Shards.Count == 0)
        {
            await output.WriteLineAsync("No shard is known: no instance has listed the stream yet.");
        }
        else
        {
            await TextTable.WriteAsync(
                output, ["SHARD", "STATE", "OWNER", "RECORDS", "LAG", "LAST APPLIED", "CAUGHT UP"],
                [
                    .. status.Shards.Select(shard => new[]
                    {
                        shard.ShardId, State(shard), shard.Owner ?? "-", $"{shard.Records}", shard.LagSeconds is { } lag ? $"{lag:0.000} s" : "-",
                        Time(shard.AppliedAt), Time(shard.CaughtUpAt),
                    }),
                ]);
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync($"Shards listed  {Time(status.ListedAt)}");
        var (letters, gaps, repairs, doubts) = (status.DeadLetters, status.Gaps, status.CacheRepairs, status.Doubts);
        await output.WriteLineAsync($"Dead letters   {letters.Failed} failed, {letters.Waiting} waiting behind them, of {letters.Items} items{Since(letters.OldestAt)}");
        await output.WriteLineAsync($"Gaps           {gaps.Open} not healed{Since(gaps.OldestAt)}");
        await output.WriteLineAsync($"Cache repairs  {repairs.Entries} entries of {repairs.Orders} orders{Since(repairs.OldestAt)}");
        await output.WriteLineAsync($"In doubt       {doubts.Orders} orders{Since(doubts.OldestAt)}");
        await output.WriteLineAsync($"Passed over    {(status.PassedOver.Count == 0 ? "nothing" : string.Join("; ", status.PassedOver.Select(PassedOver)))}");
    }

    private static string PassedOver(SyncStatus.PassedOverCount of) => $"{of.Cause} {of.Changes}, last of order {of.LastOrderId} at {Time(of.LastAt)}";

    private static string State(SyncStatus.Shard shard) => shard.Finished ? "finished" : shard.Leased ? "leased" : "free";

    private static string Time(DateTimeOffset? time) => time is { } known ? Timestamp.Text(known) : "-";

    private static string Since(DateTimeOffset? time) => time is { } known ? $", since {Timestamp.Text(known)}" : "";
}
