using Orders.Api;
using Orders.Bench.Apply;
using Orders.Bench.Http;
using Orders.Bench.Measuring;
using Orders.Bench.Report;

namespace Orders.Bench.Freshness;

/// <summary>How soon an accepted order is visible to readers.</summary>
internal sealed class FreshnessBench : IBench
{
    private const string Table = "bench_freshness";
    private const string Unit = "ms";
    private const double MostOfP50 = 25;
    private const double MostOfP99 = 100;
    private const string Published = "Lambda, published";
    private const int HopSamples = 50;
    private const int QuickHopSamples = 5;
    private static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuickLeadIn = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QuickDuration = TimeSpan.FromSeconds(0.5);

    private static readonly ConsumerSide[] Sides =
    [
        new("ours", RedisDatabase: 1),
        new("polling every 250 ms, as Lambda", RedisDatabase: 2, new(TimeSpan.FromMilliseconds(250), GoesOnWhileRecordsCome: true)),
        new("polling every second, as KCL", RedisDatabase: 3, new(TimeSpan.FromSeconds(1), GoesOnWhileRecordsCome: false)),
    ];

    public string Name => "freshness";

    public string Explanation => $"""
        From the 201 of `POST /v1/orders` until `GET /v1/orders/<id>` answers 200, at {OrderFlow.PerSecond} orders a second, for {Duration.TotalSeconds:0} seconds a round, each
        sent at its time whether those before it are answered or not; the figures are those of all rounds' orders together. Three consumers follow the same stream at the same time, so the same orders are compared. All three are Orders.Sync with a
        Postgres database, a Redis database and an Orders.Query of their own: only the polling differs. Calls of GetRecords of the two rivals go through a
        forwarder that holds them back. The one asks four times a second, as Lambda does, and again at once after an answer with records; the other once a
        second whatever came, as KCL with the streams adapter. Lambda's published figures are of the service itself, with its own network and the start of a
        function. Each order is watched by one request to each Orders.Query, sent at the 201, which waits there (`min_version=1`, `Prefer: wait=30`): asking
        every millisecond would load the stores the more, the slower a consumer is. `told of an order` is what that adds: from the message of a change to the
        answer. All runs in one process, since {OrderFlow.PerSecond} orders a second leave it mostly idle. The limit is the sum of medians of what no consumer can
        leave out, each measured by itself: a put's record read by a reader that asks without pause, the rows of one order in one transaction, the order
        written to Redis, a GET. The first {LeadIn.TotalSeconds:0} seconds of each round do not count, since waits are long after a silence: `idle` measures that.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using var api = BenchServer.OfService(ApiHost.Build, context.Engines.Addresses, Table);
        await api.StartAsync(cancellationToken);
        var starts = Sides.Select(side => Consumer.StartAsync(context.Engines, Table, side, cancellationToken)).ToList();
        try
        {
            var consumers = await Task.WhenAll(starts);
            var rows = await RunAsync(context, api, consumers, cancellationToken);
            await CheckAsync(consumers, cancellationToken);
            return rows;
        }
        finally
        {
            await Task.WhenAll(starts.Where(start => start.IsCompletedSuccessfully).Select(async start => await (await start).DisposeAsync()));
        }
    }

    private async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, BenchServer api, Consumer[] consumers, CancellationToken cancellationToken)
    {
        var settings = context.Settings;
        using var flow = new OrderFlow(api.Address, consumers);
        await using var hops = await HopMeasurement.StartAsync(context.Engines, flow, consumers[0], cancellationToken);
        await hops.MeasureAsync(settings.Quick ? 1 : HopSamples, cancellationToken);
        await flow.RunAsync(TimeSpan.Zero, QuickDuration, cancellationToken);

        var figures = new FreshnessFigures();
        for (var round = 1; round <= settings.Rounds; round++)
        {
            figures.Hops.Add(await hops.MeasureAsync(settings.Quick ? QuickHopSamples : HopSamples, cancellationToken));
            var (leadIn, duration) = settings.Quick ? (QuickLeadIn, QuickDuration) : (LeadIn, Duration);
            var before = consumers.ToDictionary(consumer => consumer, consumer => consumer.Reads);
            foreach (var (consumer, lags) in await flow.RunAsync(leadIn, duration, cancellationToken))
            {
                var reads = (consumer.Reads - before[consumer]) / (leadIn + duration).TotalSeconds;
                figures.Add(consumer.Name, lags, reads);
                context.Tell(Name, $"round {round}  {consumer.Name,-34}{Sample.Figure(lags.P50, Unit),12}{Sample.Figure(lags.P99, "ms p99"),18}{Sample.Figure(reads, "reads/s"),18}");
            }

            context.Tell(Name, $"round {round}  its hops one by one           {figures.Hops[^1].Text()}");
        }

        return Rows(figures);
    }

    private List<ResultRow> Rows(FreshnessFigures figures)
    {
        var ours = Sides[0].Name;
        List<ResultRow> rows =
        [
            Figure("p50", figures.Of(ours, P50), Published, "213 ms", Bound.AtMost(MostOfP50)),
            Figure("p99", figures.Of(ours, P99), Published, "552 ms", Bound.AtMost(MostOfP99)),
        ];
        foreach (var rival in Sides[1..].Select(side => side.Name))
        {
            rows.Add(Lag("p50", rival, P50));
            rows.Add(Lag("p99", rival, P99));
            var (reads, theirs) = (figures.Reads(ours), figures.Reads(rival));
            rows.Add(Ratio("calls of GetRecords a second", Sample.Of(reads), rival, Sample.Of(theirs), Sample.Ratio(reads, theirs), ""));
        }

        var (p50, sums) = (figures.P50(ours), figures.Hops.ConvertAll(hops => hops.Sum));
        rows.Add(Ratio("p50", figures.Of(ours, P50), "the limit: its hops one by one, summed", Sample.Of(sums), Sample.Ratio(p50, sums)));
        rows.Add(Figure("told of an order", Sample.Of(figures.Hops.Select(hops => hops.Watch))));
        return rows;

        ResultRow Lag(string subject, string rival, Func<Lags, double> figure) =>
            Ratio(subject, figures.Of(ours, figure), rival, figures.Of(rival, figure), figures.Ratio(ours, rival, figure));
    }

    private static double P50(Lags lags) => lags.P50;

    private static double P99(Lags lags) => lags.P99;

    private ResultRow Ratio(string subject, Sample ours, string rival, Sample theirs, Sample ratio, string unit = Unit) =>
        new() { Bench = Name, Subject = subject, Ours = ours.Text(unit), Rival = rival, Theirs = theirs.Text(unit), Judged = ratio };

    private ResultRow Figure(string subject, Sample ours, string rival = "", string theirs = "", Bound? mustReach = null) =>
        new() { Bench = Name, Subject = subject, Ours = ours.Text(Unit), Rival = rival, Theirs = theirs, Judged = ours, Unit = Unit, MustReach = mustReach };

    /// <summary>All three consumers must have ended with the same rows.</summary>
    private static async Task CheckAsync(Consumer[] consumers, CancellationToken cancellationToken)
    {
        var expected = await ReadModelRows.ReadAsync(consumers[0].Database, cancellationToken);
        foreach (var consumer in consumers)
        {
            foreach (var (table, rows) in await ReadModelRows.ReadAsync(consumer.Database, cancellationToken))
            {
                if (rows != expected[table])
                {
                    throw new InvalidOperationException($"'{consumer.Name}' has {rows.Rows} rows in {table} that are not the {expected[table].Rows} of '{consumers[0].Name}'.");
                }
            }
        }
    }
}
