using System.CommandLine;
using System.Globalization;
using Orders.ServiceDefaults.Commands;
using Orders.Warehouse.Redshift;
using Orders.Warehouse.Tables;

namespace Orders.Warehouse.Status;

/// <summary><c>status</c></summary>
internal static class WarehouseStatusCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var json = CommonOptions.Json();
        var command = new Command("status", "Show how far the warehouse is: ages, files, sizes, lag, quarantine.") { json };
        command.SetAction((parsed, cancellationToken) => runner.RunAsync((context, token) => RunAsync(context, parsed.GetValue(json), token), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool json, CancellationToken cancellationToken)
    {
        var status = await context.Services.GetRequiredService<WarehouseStatusReader>().ReadAsync(cancellationToken);
        if (json)
        {
            await context.WriteJsonAsync(status, WarehouseStatusJson.Default.WarehouseStatus);
            return ExitCodes.Done;
        }

        var output = context.Terminal.Out;
        await output.WriteLineAsync($"Lake        {PlainText.Of(status.Lake)}");
        await output.WriteLineAsync($"Stream      {Stream(status.Stream)}");
        await output.WriteLineAsync($"Quarantine  {status.Quarantine.Records} records in {status.Quarantine.Files} files{(status.Quarantine.Records > 0 ? ": mend them, then 'requeue'" : "")}");
        await output.WriteLineAsync($"State       {State(status.State)}");
        await output.WriteLineAsync($"Snapshot    {Snapshot(status.Snapshot)}");
        if (status.Tables is { } tables)
        {
            await output.WriteLineAsync($"SQL tables  {Tables(tables)}");
        }

        if (status.Redshift is { } redshift)
        {
            await output.WriteLineAsync($"Redshift    {Redshift(redshift)}");
            foreach (var log in redshift.Logs)
            {
                await output.WriteLineAsync($"            {Redshift(log)}");
            }
        }

        await output.WriteLineAsync();
        await TextTable.WriteAsync(output, ["log", "files", "rows", "bytes", "days", "newest file", "waiting", "replaced"], [.. status.Logs.Select(Row)]);
        return ExitCodes.Done;
    }

    private static string Stream(StreamStatus stream) =>
        $"{(stream.SecondsBehind is { } behind ? $"{Age(behind)} behind" : "how far behind is not known")}, open shards: {stream.OpenShards}, {(stream.Instances == 0 ? "no instance runs: start the service" : $"instances: {stream.Instances}")}, open gaps: {stream.OpenGaps}";

    private static string State(StateStatus? state) =>
        state is null ? "none stored: queries seek it in the log" : $"of {state.Orders} orders, stored {Age(state.Seconds ?? 0)} ago; {state.ChangesSince} changes since";

    private static string Snapshot(SnapshotStatus? snapshot) => snapshot switch
    {
        null => "none yet",
        { IsSkipped: true } => "none was needed: the stream had everything",
        { IsRunning: true } => $"{snapshot.Id} ({snapshot.Reason}) is running: {snapshot.Found} orders found so far",
        _ => $"{snapshot.Id} ({snapshot.Reason}) found {snapshot.Found} orders, {snapshot.Vanished} were no longer there",
    };

    private static string Tables(TablesStatus tables) =>
        $"{string.Join(", ", tables.Tables.Select(table => $"{table.Name} {table.State.ToString().ToLowerInvariant()}"))}; slot {tables.Slot} {tables.WalStatus ?? "missing"}, {Number(tables.BytesBehind ?? 0)} bytes behind, {tables.Gaps.Open} open gaps"
        + (tables.Problem is { } problem ? $": {PlainText.Of(problem)}" : "");

    private static string Redshift(RedshiftStatus status) =>
        $"{(status.SecondsSinceComplete is { } seconds ? $"complete {Age(seconds)} ago" : "never complete")}, {status.Files} files, {status.SetAside} set aside{(status.Problem is { } problem ? $": {PlainText.Of(problem)}" : "")}";

    private static string Redshift(RedshiftLogStatus log) =>
        $"{PlainText.Of(log.Log)}: {log.Files} files, {log.SetAside} set aside{(log.Problem is { } problem ? $": {PlainText.Of(problem)}" : "")}";

    private static string[] Row(LogStatus log) =>
    [
        log.Log, Number(log.Files), Number(log.Rows), Number(log.Bytes), Number(log.Days), log.NewestFileSeconds is { } age ? $"{Age(age)} ago" : "none", Number(log.Waiting), Number(log.Replaced),
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Age(double seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalDays: >= 2 } age => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days"),
        { TotalHours: >= 2 } age => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} h"),
        { TotalMinutes: >= 2 } age => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min"),
        var age => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s"),
    };
}
