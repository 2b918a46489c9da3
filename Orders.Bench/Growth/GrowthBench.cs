using System.Diagnostics;
using Orders.Bench.Measuring;
using Orders.Bench.Report;

namespace Orders.Bench.Growth;

/// <summary>Whether a change or a read costs the more, the more orders there are.</summary>
internal sealed class GrowthBench : IBench
{
    private const double Most = 1.15;
    private const int FirstRedisDatabase = 4;
    private const int Changes = 20_000;
    private const int QuickChanges = 1_000;
    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000];
    private static readonly int[] QuickSizes = [1_000, 2_000];
    private static readonly TimeSpan ReadFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuickReadFor = TimeSpan.FromSeconds(0.1);

    public string Name => "growth";

    public string Explanation => $"""
        What a change and a read cost when {Text(Sizes[0])}, {Text(Sizes[1])} and {Text(Sizes[2])} orders of three lines are there, in Postgres and in Redis. The
        orders are made by SQL, one every 360 ms before a day begins; merchants, customers and products are the same for each size. {Text(Changes)} changes come
        through the service's own pump, projection and cache writer into a copy of that database: 70 in 100 are new orders of that day, 25 a further status and
        5 the deletion of orders that were there, spread over all of them, which is the worst case. Reads are GETs by id of 20 000 orders, spread likewise, through
        Orders.Query. Costs are processor time: of this process, which is the service and for reads the client too, of the database's sessions and of Redis,
        since the time on the clock tells more of the disk and of what else the machine does. Copies begin cold: their pages are in the system's memory, not in
        Postgres' own. `held` is managed memory after a full collection, more than before the service was built.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var filled = new List<FilledStores>();
        try
        {
            foreach (var orders in context.Settings.Quick ? QuickSizes : Sizes)
                filled.Add(await FillAsync(context, orders, FirstRedisDatabase + filled.Count, cancellationToken));
            return [
                .. await MeasureChangesAsync(context, filled, cancellationToken),
                .. await MeasureReadsAsync(context, filled, fromRedis: true, cancellationToken),
                .. await MeasureReadsAsync(context, filled, fromRedis: false, cancellationToken),
            ];
        }
        finally
        {
            foreach (var stores in filled)
                await stores.DisposeAsync();
        }
    }

    private async Task<FilledStores> FillAsync(BenchContext context, int orders, int redisDatabase, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var stores = await FilledStores.FillAsync(context.Engines, orders, redisDatabase, context.Settings.Quick ? QuickChanges : Changes, cancellationToken);
        context.Tell(Name, $"{Text(orders)} orders made in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        return stores;
    }

    private async Task<List<ResultRow>> MeasureChangesAsync(BenchContext context, List<FilledStores> filled, CancellationToken cancellationToken)
    {
        await ChangeCosts.MeasureAsync(context.Engines, filled[0], cancellationToken);
        var costs = await Rounds.RunAsync(filled, context.Settings.Rounds, async (stores, round) =>
        {
            var one = await ChangeCosts.MeasureAsync(context.Engines, stores, cancellationToken);
            context.Tell(Name, $"round {round}  a change{Beside(stores),34}{Sample.Figure(one.Microseconds, "µs"),12}{Sample.Figure(one.Rate, "/s"),14}{Sample.Figure(one.Held / 1024, "kB held"),18}");
            return one;
        });
        return
        [
            .. Rows("a change", filled, stores => [.. costs[stores].Select(cost => cost.Microseconds)], "µs"),
            .. Rows("held after the changes", filled, stores => [.. costs[stores].Select(cost => cost.Held / 1024)], "kB"),
        ];
    }

    private async Task<List<ResultRow>> MeasureReadsAsync(BenchContext context, List<FilledStores> filled, bool fromRedis, CancellationToken cancellationToken)
    {
        var duration = context.Settings.Quick ? QuickReadFor : ReadFor;
        var what = fromRedis ? "a read from Redis" : "a read from Postgres";
        var sides = new List<ReadCosts>();
        try
        {
            foreach (var stores in filled)
                sides.Add(await ReadCosts.StartAsync(context.Engines, stores, fromRedis, cancellationToken));
            foreach (var side in sides)
                await side.MeasureAsync(duration, cancellationToken);
            var costs = await Rounds.RunAsync(sides, context.Settings.Rounds, async (side, round) =>
            {
                var one = await side.MeasureAsync(duration, cancellationToken);
                context.Tell(Name, $"round {round}  {what,-22}{Beside(side.Stores),20}{Sample.Figure(one, "µs"),12}");
                return one;
            });
            return Rows(what, filled, stores => costs.First(side => side.Key.Stores == stores).Value, "µs");
        }
        finally
        {
            foreach (var side in sides)
                await side.DisposeAsync();
        }
    }

    /// <summary>Each larger size against the smallest.</summary>
    private List<ResultRow> Rows(string what, List<FilledStores> filled, Func<FilledStores, List<double>> figures, string unit) =>
    [
        .. filled.Skip(1).Reverse().Select(stores => new ResultRow
        {
            Bench = Name,
            Subject = $"{what} {Beside(stores)}",
            Ours = Sample.Of(figures(stores)).Text(unit),
            Rival = Beside(filled[0]),
            Theirs = Sample.Of(figures(filled[0])).Text(unit),
            Judged = Sample.Ratio(figures(stores), figures(filled[0])),
            MustReach = Bound.AtMost(Most),
        }),
    ];

    private static string Beside(FilledStores stores) => $"beside {Text(stores.Orders)}";

    // Three zeros are no digits that count.
    private static string Text(int orders) => Sample.Figure(orders, "");
}
