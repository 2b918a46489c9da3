using System.Diagnostics;
using Orders.Bench.Apply;
using Orders.Bench.Measuring;
using Orders.Bench.Report;

namespace Orders.Bench.Warehouse;

/// <summary>How fast changes come into the warehouse, how soon they are seen there, and how fast questions
/// are answered.</summary>
internal sealed class WarehouseBench : IBench
{
    private const int Changes = 200_000;
    private const int QuickChanges = 5_000;
    private const double MustReachOfRate = 60_000;
    private const double MostOfFreshness = 10;
    private const double MostOfQuestion = 1;
    private static readonly TimeSpan Flow = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QuickFlow = TimeSpan.FromSeconds(3);

    public string Name => "warehouse";

    public string Explanation => $"""
        `changes of one core`: {Changes / 1000} 000 changes (those of `apply`) as raw answers of GetRecords through the service's own pump, change log, ledger in Postgres and DuckDB into Parquet in a folder; the rate is that of
        the processor time of this process and of Postgres together. Beside it the third seed's way, made as good as it can be: a JSON file of {Changes / 1000 / 40} 000 changes (five seconds at a thousand a second), then COPY into one table of Postgres, in one
        transaction; it has floats for money, no images, and nothing that keeps a file from being loaded twice. `bytes of a change` are those of the lake's files beside those of that table. `seen by a query, p50`: from the answer to a
        PutItem until a SELECT of `orders_changes` has the order, {LakeFreshness.PerSecond} orders a second for {Flow.TotalSeconds:0} s a round, with the settings of Orders.Local (a file every 10 s); the rival's files come every 5 s and are loaded at once, where the seed loads every five
        minutes. Questions are those of an analyst on {LakeOfChanges.Size / 1_000_000} million changes of {LakeOfChanges.Size / 2_000_000} million orders in 30 days, made by SQL, through the views, as a shell of DuckDB with two threads runs them. The rival answers them from its table in Postgres, which has
        only the first {LakeOfChanges.RivalDays} of the days, which favours it: a row for each change, from which the newest state is sought.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken) =>
    [
        .. await MeasureLoadAsync(context, cancellationToken),
        .. await MeasureFreshnessAsync(context, cancellationToken),
        .. await MeasureQuestionsAsync(context, cancellationToken),
    ];

    private async Task<List<ResultRow>> MeasureLoadAsync(BenchContext context, CancellationToken cancellationToken)
    {
        context.Tell(Name, "making the changes …");
        var workload = Workload.Make(context.Settings.Quick ? QuickChanges : Changes);
        WarehouseSide[] sides = [new OurLake(context.Engines), new JsonFiles()];
        foreach (var side in sides)
        {
            // A service that has run for a minute: its code is compiled for good.
            await LoadAsync(context, side, workload.Pages, cancellationToken);
        }

        var measured = await Rounds.RunAsync(sides, context.Settings.Rounds, async (side, round) =>
        {
            var one = await LoadAsync(context, side, workload.Pages, cancellationToken);
            context.Tell(Name, $"round {round}  {side.Name,-44}{Sample.Figure(one.Rate, "/s a core"),18}{Sample.Figure(one.Micros, "µs"),12}, Postgres {Sample.Figure(one.Postgres, "µs")}{Sample.Figure(one.Bytes, "bytes a change"),20}");
            return one;
        });

        var (ours, theirs) = (measured[sides[0]], measured[sides[1]]);
        return
        [
            Figure("changes of one core", ours.ConvertAll(one => one.Rate), "/s", Bound.AtLeast(MustReachOfRate)),
            Compare("changes of one core", ours.ConvertAll(one => one.Rate), sides[1].Name, theirs.ConvertAll(one => one.Rate), "/s"),
            Compare("bytes of a change", ours.ConvertAll(one => one.Bytes), sides[1].Name, theirs.ConvertAll(one => one.Bytes), "bytes"),
        ];
    }

    private static async Task<LoadMeasurement> LoadAsync(BenchContext context, WarehouseSide side, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken)
    {
        await using var database = await context.Engines.CreateDatabaseAsync(cancellationToken);
        using var folder = new BenchFolder();
        await context.Engines.CheckpointAsync(cancellationToken);
        GC.Collect();
        var changes = pages.Count * Workload.PageRecords;
        var (micros, postgres) = (0d, 0d);
        var bytes = await side.WriteAsync(
            database,
            folder.Path,
            pages,
            async work =>
            {
                var before = await context.Engines.ReadProcessorUseAsync(cancellationToken);
                var began = Stopwatch.GetTimestamp();
                await work();
                micros = Stopwatch.GetElapsedTime(began).TotalMicroseconds / changes;
                if (before is not null)
                {
                    var used = (await context.Engines.ReadProcessorUseAsync(cancellationToken))!.Since(before, changes);
                    (micros, postgres) = (used.Own + used.Postgres, used.Postgres);
                }
            },
            cancellationToken);
        return new(micros, postgres, (double)bytes / changes);
    }

    private async Task<List<ResultRow>> MeasureFreshnessAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using var freshness = await LakeFreshness.StartAsync(context, context.Settings.Quick, cancellationToken);
        List<(double Ours, double Theirs)> lags = [];
        for (var round = 1; round <= context.Settings.Rounds; round++)
        {
            lags.Add(await freshness.RunAsync(context.Settings.Quick ? QuickFlow : Flow, cancellationToken));
            context.Tell(Name, $"round {round}  seen by a query, p50 {Sample.Figure(lags[^1].Ours, "s")}, the JSON files' {Sample.Figure(lags[^1].Theirs, "s")}");
        }

        return
        [
            Figure("seen by a query, p50", lags.ConvertAll(lag => lag.Ours), "s", Bound.AtMost(MostOfFreshness)),
            Compare("seen by a query, p50", lags.ConvertAll(lag => lag.Ours), new JsonFiles().Name, lags.ConvertAll(lag => lag.Theirs), "s"),
        ];
    }

    private async Task<List<ResultRow>> MeasureQuestionsAsync(BenchContext context, CancellationToken cancellationToken)
    {
        context.Tell(Name, "making the lake …");
        await using var lake = await LakeOfChanges.MakeAsync(context, cancellationToken);
        context.Tell(Name, $"{lake.Changes} changes, {Sample.Figure((double)lake.Bytes / lake.Changes, "bytes a change")}");
        var rows = new List<ResultRow>();
        foreach (var question in AnalystQuestion.All)
        {
            // Once to warm up, as whoever asks a second time has it.
            _ = lake.Ask(question.Sql);
            var (ours, processor) = (new List<double>(), new List<double>());
            for (var round = 0; round < context.Settings.Rounds; round++)
            {
                var (elapsed, used) = lake.Ask(question.Sql);
                ours.Add(elapsed.TotalSeconds);
                processor.Add(used.TotalSeconds);
            }

            List<double> theirs = [(await lake.AskRivalAsync(question.RivalSql, cancellationToken)).TotalSeconds];
            context.Tell(Name, $"{question.Name,-34}{Sample.Of(ours).Text("s"),24} on the clock, {Sample.Of(processor).Text("s"),24} of processor; the table's {Sample.Figure(theirs[0], "s")}");
            rows.Add(Figure(question.Name, ours, "s", Bound.AtMost(MostOfQuestion)));
            rows.Add(Compare(question.Name, ours, "a table of changes, a tenth of them", [.. ours.Select(_ => theirs[0])], "s"));
            rows.Add(Figure($"{question.Name}, processor time", processor, "s", mustReach: null));
        }

        return rows;
    }

    private ResultRow Figure(string subject, IReadOnlyList<double> figures, string unit, Bound? mustReach)
    {
        var ours = Sample.Of(figures);
        return new() { Bench = Name, Subject = subject, Ours = ours.Text(unit), Rival = "", Judged = ours, Unit = unit, MustReach = mustReach };
    }

    private ResultRow Compare(string subject, IReadOnlyList<double> ours, string rival, IReadOnlyList<double> theirs, string unit) => ResultRow.OfRates(Name, subject, ours, rival, theirs, unit);
}
