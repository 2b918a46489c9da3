using System.Diagnostics;
using Orders.Bench.Measuring;
using Orders.Bench.Report;

namespace Orders.Bench.Apply;

/// <summary>How fast changes are applied to the read model.</summary>
internal sealed class ApplyBench : IBench
{
    private const int Changes = 200_000;
    private const int QuickChanges = 2_000;
    private const int WarmUpPages = 2;
    private const int Shards = 4;
    private const int ChangesOfShard = 20_000;
    private const int QuickChangesOfShard = 1_000;
    private const string Unit = "/s";

    private const double MustReachOfSeed = 30;
    private const double MustReachOfBatch = 5;
    private const double MustReachOfCopy = 0.6;

    public string Name => "apply";

    public string Explanation => $"""
        {Changes / 1000} 000 changes (70 in 100 new, 25 a further status, 5 deletions; three lines each; products as popular as Zipf's law has it) as raw answers
        of GetRecords, a thousand to a page. Ours is the service's own pump, projection and cache writer: orders, lines, history, hourly totals, customers,
        products, tombstones, checkpoint, list of repairs, and Redis behind the version guard. `record by record` is the first seed's way (an insert that turns
        into an update, or the reverse, each statement committed by itself), kept to the same read model: the same rows end in Postgres, which the run checks with the first pages. It
        is better than the seed: one connection, statements prepared once, an order's lines in one statement and their products in another, by arrays.
        `a page's statements in one NpgsqlBatch` sends the same for a thousand records in one round trip and one transaction. Both keep the hourly totals by
        triggers that write at once; neither writes to Redis, keeps a checkpoint or guards against a replay. The sides behind them write to Postgres alone, without triggers. All rivals but COPY are
        measured on the first changes only, 3 000 to 40 000, on tables that are still small, which favours them. COPY takes the rows that ours ends with, as
        Postgres' own binary, in one transaction, and updates nothing. Four shards at once have {Shards * ChangesOfShard / 1000} 000 changes of their own, of the same merchants,
        customers and products: their batches share the rows of these and of the hourly totals, into one database on the same processors.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken)
    {
        context.Tell(Name, "making the changes …");
        var workload = Workload.Make(context.Settings.Quick ? QuickChanges : Changes);
        var ours = new OurProjection(context.Engines);
        var copied = new CopiedRows();
        var (seed, batch, light, unnest) = (new StatementPerRecord(), new BatchOfStatements(), new OrdersAndLinesAlone(), new UnnestOfOrders());
        var each = context.Settings.Quick ? QuickChangesOfShard : ChangesOfShard;
        var several = new SeveralShards(context.Engines, [.. Enumerable.Range(0, Shards).Select(_ => Workload.Make(each))]);
        ApplySide[] sides = [several, ours, seed, batch, light, unnest, copied];
        var first = new Dictionary<ApplySide, List<ApplyMeasurement>>();
        foreach (var side in context.Settings.Quick ? [] : sides)
        {
            first[side] = [await MeasureAsync(context, side, copied, workload, WarmUpPages, cancellationToken)];
        }

        Check(first, WarmUpPages);

        // COPY takes its rows from our result, which from here on has all changes.
        await MeasureAsync(context, ours, copied, workload, workload.Pages.Count, cancellationToken);
        var redis = new List<double>();
        var measured = await Rounds.RunAsync(sides, context.Settings.Rounds, async (side, round) =>
        {
            var one = await MeasureAsync(context, side, copied, workload, workload.Pages.Count, cancellationToken);
            context.Tell(Name, $"round {round}  {side.Name,-44}{Sample.Figure(one.Rate, Unit),12}  {Sample.Figure(one.BytesPerChange, "bytes allocated"),24}{Cost(one.Cost)}");
            if (side == ours && await RedisSets.MeasureAsync(context.Engines, Changes, workload.RenderedBytes, cancellationToken) is { } sets)
            {
                redis.Add(sets);
            }

            return one;
        });
        Check(measured, workload.Pages.Count);

        List<ResultRow> rows =
        [
            Compare(seed, MustReachOfSeed),
            Compare(batch, MustReachOfBatch),
            Compare(copied, MustReachOfCopy),
            Compare(light, mustReach: null),
            Compare(unnest, mustReach: null),
        ];
        rows.Add(ResultRow.OfRates(Name, $"changes of {Shards} shards at once", Rates(several), "of one", Rates(ours), Unit));
        if (redis.Count == context.Settings.Rounds)
        {
            rows.Add(ResultRow.OfRates(Name, "changes", Rates(ours), "redis-benchmark's pipelined SET", redis, Unit));
        }

        var allocated = Sample.Of(measured[ours].Select(one => one.BytesPerChange));
        rows.Add(Known("allocated for a change", allocated, "bytes"));
        foreach (var side in measured[ours].Exists(one => one.Cost is null) ? [] : new ApplySide[] { ours, batch, copied })
        {
            rows.AddRange(Costs(side.Name, [.. measured[side].Select(one => one.Cost!)]));
        }

        return rows;

        List<double> Rates(ApplySide side) => [.. measured[side].Select(one => one.Rate)];
        ResultRow Compare(ApplySide rival, double? mustReach) =>
            ResultRow.OfRates(Name, "changes", Rates(ours), rival.Name, Rates(rival), Unit, mustReach);
    }

    private IEnumerable<ResultRow> Costs(string side, IReadOnlyList<ProcessorUse> costs)
    {
        yield return Known($"processor time of a change, {side}: Postgres", Sample.Of(costs.Select(cost => cost.Postgres)), "µs");
        yield return Known($"processor time of a change, {side}: all of it", Sample.Of(costs.Select(cost => cost.Total)), "µs");
    }

    private ResultRow Known(string subject, Sample figure, string unit) =>
        new() { Bench = Name, Subject = subject, Ours = figure.Text(unit), Rival = "", Judged = figure, Unit = unit };

    private static string Cost(ProcessorUse? cost) => cost is null ? "" : $"  {cost.Own:0} + {cost.Postgres:0} + {cost.Redis:0} µs of processor: own, Postgres, Redis";

    private static async Task<ApplyMeasurement> MeasureAsync(
        BenchContext context, ApplySide side, CopiedRows copied, Workload workload, int pages, CancellationToken cancellationToken)
    {
        var some = side.HasOwnChanges ? [] : workload.Pages.Take(Math.Min(pages, side.MostChanges / Workload.PageRecords)).ToList();
        await using var database = await context.Engines.CreateDatabaseAsync(cancellationToken);
        await side.PrepareAsync(database, cancellationToken);
        await context.Engines.CheckpointAsync(cancellationToken);
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cost = await context.Engines.ReadProcessorUseAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        await side.ApplyAsync(database, some, cancellationToken);
        var took = Stopwatch.GetElapsedTime(began);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var spent = await context.Engines.ReadProcessorUseAsync(cancellationToken);
        await side.FinishAsync(database, cancellationToken);
        if (side is OurProjection)
        {
            await copied.TakeAsync(database, cancellationToken);
        }

        // COPY has no pages: it gets the number of changes that its rows represent.
        var changes = side.HasOwnChanges ? side.MostChanges : some.Count * Workload.PageRecords;
        return new(changes / took.TotalSeconds, (double)allocated / changes, cost is null ? null : spent!.Since(cost, changes), await ReadModelRows.ReadAsync(database, cancellationToken));
    }

    /// <summary>
    /// Sides that applied the same number of pages must have ended with the same rows; a side that writes
    /// only orders, with the same orders.
    /// </summary>
    private static void Check(Dictionary<ApplySide, List<ApplyMeasurement>> measured, int pages)
    {
        var all = measured.Where(entry => !entry.Key.HasOwnChanges && entry.Key.MostChanges >= pages * Workload.PageRecords).ToList();
        foreach (var (side, runs) in all)
        {
            foreach (var (table, rows) in runs.SelectMany(run => run.Rows).Where(entry => entry.Key == ReadModelRows.Orders || side is not (UnnestOfOrders or OrdersAndLinesAlone)))
            {
                var expected = all[0].Value[0].Rows[table];
                if (rows != expected)
                {
                    throw new InvalidOperationException($"'{side.Name}' ended with {rows.Rows} rows in {table} that are not the {expected.Rows} of '{all[0].Key.Name}'.");
                }
            }
        }
    }
}
