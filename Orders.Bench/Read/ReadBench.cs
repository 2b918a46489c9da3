using Orders.Bench.Http;
using Orders.Bench.Measuring;
using Orders.Bench.Report;

namespace Orders.Bench.Read;

/// <summary>How fast one order is read.</summary>
internal sealed class ReadBench : IBench
{
    private const string Unit = "/s";
    private const double MustReach = 0.85;
    private const double MostOfP99 = 1.3;
    private static readonly int[] Sizes = [1, 20];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuickDuration = TimeSpan.FromSeconds(0.2);

    public string Name => "read";

    public string Explanation => """
        `GET /v1/orders/{id}` over 16 connections that stay open, of a random order among hundreds, of 1 line and of 20; the client is in the same process for
        all sides. `the same server, a constant` is a route of Orders.Query that answers the same bytes from memory, behind the same middleware: sign-in, rate
        limit, telemetry. `plus one bare Redis GET` answers what one GET brings. `an empty server` is Kestrel with one route and no middleware. The fifth seed's
        way opens a connection to Redis for each read; it is an empty server too, and no client library starts.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var rows = new List<ResultRow>();
        foreach (var lines in Sizes)
            rows.AddRange(await RunAsync(context, lines, cancellationToken));
        return rows;
    }

    private async Task<IEnumerable<ResultRow>> RunAsync(BenchContext context, int lines, CancellationToken cancellationToken)
    {
        await using var servers = await ReadServers.StartAsync(context.Engines, lines, cancellationToken);
        var ours = Side("from Redis", servers.Redis, "/v1/orders/");
        var get = Side("plus one bare Redis GET", servers.Redis, "/bench/get/");
        var constant = Side("the same server, a constant", servers.Redis, "/bench/constant?");
        var postgres = Side("from Postgres", servers.Postgres, "/v1/orders/");
        var newConnection = Side("a new Redis connection per read", servers.Bare, "/bench/new/");
        var empty = Side("an empty server, a constant", servers.Bare, "/bench/constant?");
        ReadSide[] sides = [ours, get, constant, postgres, newConnection, empty];
        var duration = context.Settings.Quick ? QuickDuration : Duration;
        foreach (var side in sides)
            await MeasureAsync(side, duration);
        var measured = await Rounds.RunAsync(sides, context.Settings.Rounds, async (side, round) =>
        {
            var one = await MeasureAsync(side, duration);
            context.Tell(Name, $"round {round}  {Lines(lines),-9}{side.Name,-34}{Sample.Figure(one.Rate, Unit),12}{Sample.Figure(one.P99, "µs p99"),18}");
            return one;
        });

        var subject = $"{Lines(lines)}, from Redis";
        List<ResultRow> rows =
        [
            Compare(get, MustReach),
            new()
            {
                Bench = Name,
                Subject = subject + ", p99",
                Ours = Sample.Of(P99(ours)).Text("µs"),
                Rival = get.Name,
                Theirs = Sample.Of(P99(get)).Text("µs"),
                Judged = Sample.Ratio(P99(ours), P99(get)),
                MustReach = Bound.AtMost(MostOfP99),
            },
            Compare(constant),
            Compare(empty),
            Compare(postgres),
            Compare(newConnection),
        ];
        var allocated = Sample.Of(measured[ours].Select(one => one.BytesPerRequest));
        rows.Add(new() { Bench = Name, Subject = subject + ", allocated for a request", Ours = allocated.Text("bytes"), Rival = "", Judged = allocated, Unit = "bytes" });
        return rows;

        ReadSide Side(string name, BenchServer server, string path) => new(name, server.Address, [.. servers.OrderIds.Select(id => Requests.Get($"{path}{id}"))]);
        Task<LoadResult> MeasureAsync(ReadSide side, TimeSpan time) => LoadClient.RunAsync(side.Server, side.Next, "200", time, cancellationToken);
        ResultRow Compare(ReadSide rival, double? mustReach = null) =>
            ResultRow.OfRates(Name, subject, [.. measured[ours].Select(one => one.Rate)], rival.Name, [.. measured[rival].Select(one => one.Rate)], Unit, mustReach);
        List<double> P99(ReadSide side) => [.. measured[side].Select(one => one.P99)];
    }

    private static string Lines(int lines) => lines == 1 ? "1 line" : $"{lines} lines";
}
