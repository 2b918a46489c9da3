using System.CommandLine;
using Orders.ServiceDefaults.Commands;

namespace Orders.Sync.Reconciling;

/// <summary><c>reconcile</c></summary>
internal static class ReconcileCommand
{
    public static Command Create(CommandRunner runner)
    {
        var repair = new Option<bool>("--repair") { Description = "Mend what differs, and look again. The table is right; the other stores follow it." };
        var rate = Rate();
        var json = CommonOptions.Json();
        var command = new Command(
            "reconcile",
            """
            Compare DynamoDB, Postgres and Redis while they are in use. Exit code 0 when they agree (with --repair: when they agree now), 1 when
            they differ.
            """)
        {
            repair, rate, json,
        };
        command.SetAction((parsed, token) => runner.RunAsync(
            (context, stop) => RunAsync(context, new ReconcileOptions { Repairs = parsed.GetValue(repair) }, parsed.GetValue(rate), parsed.GetValue(json), stop), token));
        return command;
    }

    /// <summary><c>--items-per-second</c></summary>
    public static Option<double?> Rate() => new("--items-per-second") { Description = "Items to read from the table each second, 0 for as fast as it goes. 5000 unless set." };

    private static async Task<int> RunAsync(CommandContext context, ReconcileOptions options, double? rate, bool json, CancellationToken cancellationToken)
    {
        if (rate is not null)
        {
            options = options with { ItemsPerSecond = rate > 0 ? rate : null };
        }

        var lines = new ProgressLines(context.Terminal.Error, context.Services.GetRequiredService<TimeProvider>());
        var report = await context.Services.GetRequiredService<Reconciler>().RunAsync(options, new Lines(lines), cancellationToken);
        await (json ? context.WriteJsonAsync(report, ReconcilingJson.Default.ReconcileReport) : WriteAsync(context.Terminal.Out, report, options.Repairs));
        return report.IsClean ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task WriteAsync(TextWriter output, ReconcileReport report, bool repairs)
    {
        foreach (var difference in report.Differences)
        {
            await output.WriteLineAsync(PlainText.Of(difference.ToString()));
        }

        if (report.Found > report.Differences.Count)
        {
            await output.WriteLineAsync($"… and {report.Found - report.Differences.Count} more");
        }

        await output.WriteLineAsync(
            $"Compared {report.TableOrders} orders of the table with {report.PostgresOrders} rows and {report.PostgresLines} lines in Postgres, "
            + (report.ComparedRedis ? $"{report.RedisEntries} entries in Redis" : "no Redis (none is configured)") + $" and {report.Totals} hourly totals.");
        if (report.BrokenItems > 0)
        {
            await output.WriteLineAsync($"{report.BrokenItems} items of the table say they are orders and are not; they were compared with nothing.");
        }

        await output.WriteLineAsync(
            report.Found == 0 ? "No difference."
            : !repairs ? $"{report.Found} differences."
            : report.Remaining == 0 ? $"{report.Found} differences, all mended."
            : $"{report.Found} differences, {report.Remaining} of them still there after the repair.");
    }

    private sealed class Lines(ProgressLines lines) : IProgress<ReconcileReport>
    {
        public void Report(ReconcileReport value) => _ = lines.WriteAsync(
            value.Items, (int)Math.Min(value.Phase == "orders" ? 99 : 100, value.ExpectedItems == 0 ? 0 : value.Items * 100 / value.ExpectedItems), $"{value.Phase}, {value.Found} differences");
    }
}
