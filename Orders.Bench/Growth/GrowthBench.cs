using System.Diagnostics;
using Orders.Bench.Apply;
using Orders.Bench.Http;
using Orders.Bench.Measuring;
using Orders.Bench.Report;

namespace Orders.Bench.Growth;

/// <summary>Whether the cost of a change or a read grows with the number of orders.</summary>
internal sealed class GrowthBench : IBench
{
    private const double Most = 1.15;
    private const double MostKept = 8;
    private const double Megabyte = 1024 * 1024;
    private const int FirstRedisDatabase = 4;
    private const int Changes = 18_000;
    private const int QuickChanges = 1_000;
    private const int WarmUpIn100 = 10;
    private const int LeastWarmUpPages = 2;
    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000];
    private static readonly int[] QuickSizes = [1_000, 2_000];
    private const int ReadTurns = 8;
    private const int QuickReadTurns = 2;
    // Costs need no lead-in: all reads count.
    private static readonly Turn ReadTurn = new(LeadIn: TimeSpan.Zero, TimeSpan.FromMilliseconds(150));

    public string Name => "growth";

    public string Explanation => $"""
        What a change and a read cost when {Text(Sizes[0])}, {Text(Sizes[1])} and {Text(Sizes[2])} orders of three lines are there, in Postgres and in Redis. The
        orders are made by SQL, one every 360 ms before a day begins; merchants, customers and products are the same for each size. {Text(Changes)} changes come
        through the service's own pump, projection and cache writer into a copy of that database: 70 in 100 are new orders of that day, 25 a further status and
        5 the deletion of orders that were there. These are spread over all of them, which is the worst case: people's changes are mostly of the last. Reads
        are GETs by id of {Text(ReadCosts.DifferentOrders)} orders, spread over all of them, through Orders.Query. Costs are processor time: of this process, which
        is the service and for reads the client too, of the database's sessions and of Redis, since the time on the clock tells more of the disk and of what else
        the machine does. They are those of stores that run on. After a checkpoint {WarmUpIn100} changes for every 100 orders ({LeastWarmUpPages} pages at least) come first, unmeasured: Postgres
        reads a page that it has not used yet, and logs the whole of it when it is first written to after a checkpoint, which Aurora never does. A further status
        writes to seven indexes: spread over {Text(Sizes[2])} orders, each of these is another page. Before reads are measured every order has been read a few
        times. Reads are measured by turns of {ReadTurn.Counted.TotalMilliseconds:0} ms, forwards and backwards, {ReadTurns} to a round. Kept in
        memory is what a full collection leaves after the changes, less what it left before, at most. The bound is that of {Text(Sizes[^1])}; the size between shows the way
        there.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var filled = new List<FilledStores>();
        try
        {
            foreach (var orders in context.Settings.Quick ? QuickSizes : Sizes)
            {
                filled.Add(await FillAsync(context, orders, FirstRedisDatabase + filled.Count, cancellationToken));
            }

            return [
                .. await MeasureChangesAsync(context, filled, cancellationToken),
                .. await MeasureReadsAsync(context, filled, fromRedis: true, cancellationToken),
                .. await MeasureReadsAsync(context, filled, fromRedis: false, cancellationToken),
            ];
        }
        finally
        {
            foreach (var stores in filled)
            {
                await stores.DisposeAsync();
            }
        }
    }

    private async Task<FilledStores> FillAsync(BenchContext context, int orders, int redisDatabase, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var stores = await FilledStores.FillAsync(context.Engines, orders, redisDatabase, cancellationToken);
        context.Tell(Name, $"{Text(orders)} orders made in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        return stores;
    }

    private async Task<List<ResultRow>> MeasureChangesAsync(BenchContext context, List<FilledStores> filled, CancellationToken cancellationToken)
    {
        var count = context.Settings.Quick ? QuickChanges : Changes;
        var sides = new List<ChangeSide>();
        foreach (var stores in filled)
        {
            sides.Add(new(stores, await stores.MakeChangesAsync(count, WarmUp(stores.Orders, context.Settings.Quick), cancellationToken), Beside(stores)));
        }

        await ChangeCosts.MeasureAsync(context.Engines, sides[0], cancellationToken);
        var costs = await Rounds.RunAsync(sides, context.Settings.Rounds, async (side, round) =>
        {
            var one = await ChangeCosts.MeasureAsync(context.Engines, side, cancellationToken);
            context.Tell(Name, $"round {round}  a change {side.Name,-42}{Sample.Figure(one.Microseconds, "µs"),10}{Sample.Figure(one.Rate, "/s"),12}{Sample.Figure(one.Logged, "bytes logged"),22}");
            return one;
        });
        return
        [
            .. Rows("a change", Figures(cost => cost.Microseconds), "µs", Most),
            .. Rows("logged by Postgres for a change", Figures(cost => cost.Logged), "bytes", most: null),
            .. Rows("allocated for a change", Figures(cost => cost.Allocated), "bytes", Most),
            .. Figures(cost => cost.Kept / Megabyte).Select(side => Kept(side.Item1, side.Item2)),
        ];

        List<(string, List<double>)> Figures(Func<ChangeCost, double> figure) => [.. sides.Select(side => (side.Name, costs[side].ConvertAll(cost => figure(cost))))];
    }

    private async Task<List<ResultRow>> MeasureReadsAsync(BenchContext context, List<FilledStores> filled, bool fromRedis, CancellationToken cancellationToken)
    {
        var what = fromRedis ? "a read from Redis" : "a read from Postgres";
        var sides = new List<ReadCosts>();
        try
        {
            foreach (var stores in filled)
            {
                sides.Add(await ReadCosts.StartAsync(context.Engines, stores, fromRedis, cancellationToken));
            }

            var costs = await Rounds.RunByTurnsAsync(
                sides,
                context.Settings.Rounds,
                context.Settings.Quick ? QuickReadTurns : ReadTurns,
                side => side.RunAsync(ReadTurn, cancellationToken),
                side => side.Take(),
                (side, round, cost) => context.Tell(Name, $"round {round}  {what} {Beside(side.Stores),-42}{Sample.Figure(cost, "µs"),10}"));
            return Rows(what, [.. sides.Select(side => (Beside(side.Stores), costs[side]))], "µs", Most);
        }
        finally
        {
            foreach (var side in sides)
            {
                await side.DisposeAsync();
            }
        }
    }

    /// <summary>Compares each side with the first, which has the fewest orders.</summary>
    private List<ResultRow> Rows(string what, List<(string Name, List<double> Figures)> sides, string unit, double? most) =>
    [
        .. sides.Skip(1).Reverse().Select((side, at) => new ResultRow
        {
            Bench = Name,
            Subject = $"{what} {side.Name}",
            Ours = Sample.Of(side.Figures).Text(unit),
            Rival = sides[0].Name,
            Theirs = Sample.Of(sides[0].Figures).Text(unit),
            Judged = Sample.Ratio(side.Figures, sides[0].Figures),

            // Only the largest side is judged; the others show the trend.
            MustReach = at == 0 && most is { } limit ? Bound.AtMost(limit) : null,
        }),
    ];

    // Judged as an absolute figure, not against the first side: a ratio of figures near zero means nothing.
    private ResultRow Kept(string side, List<double> megabytes)
    {
        var most = Sample.Of([megabytes.Max()]);
        return new() { Bench = Name, Subject = $"kept in memory after changes {side}", Ours = Sample.Of(megabytes).Text("MB"), Rival = "", Judged = most, Unit = "MB", MustReach = Bound.AtMost(MostKept) };
    }

    // A multiple of the page size.
    private static int WarmUp(int orders, bool quick) =>
        Math.Max(quick ? 1 : LeastWarmUpPages, orders * WarmUpIn100 / 100 / Workload.PageRecords) * Workload.PageRecords;

    private static string Beside(FilledStores stores) => $"beside {Text(stores.Orders)}";

    private static string Text(int orders) => Sample.Figure(orders, "");
}
