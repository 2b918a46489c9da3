using Orders.Bench.Http;
using Orders.Bench.Measuring;
using Orders.Bench.Report;

namespace Orders.Bench.Read;

/// <summary>How fast a single order is read.</summary>
internal sealed class ReadBench : IBench
{
    private const string Unit = "/s";
    private const string Ours = "from Redis";
    private const string Get = "plus one bare Redis GET";
    private const string Constant = "the same server, a constant";
    private const string Empty = "an empty server, a constant";
    private const string Postgres = "from Postgres";
    private const string NewConnection = "a new Redis connection per read";
    private const double MustReach = 0.85;
    private const double MostOfP99 = 1.3;
    private const int Turns = 24;
    private const int QuickTurns = 2;
    private static readonly int[] Sizes = [1, 20];
    private static readonly Turn Turn = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50));

    public string Name => "read";

    public string Explanation => $$"""
        `GET /v1/orders/{id}` over 16 connections that stay open, of a random order among hundreds, of 1 line and of 20; the client is in the same process for
        all sides. `the same server, a constant` is a route of Orders.Query that answers the same bytes from memory, behind the same middleware: sign-in, rate
        limit, telemetry. `plus one bare Redis GET` answers what one GET brings. `an empty server` is Kestrel with one route and no middleware. The fifth seed's
        way opens a connection to Redis for each read; it is an empty server too, and no client library starts. The sides run by turns, forwards and backwards,
        {{Turn.Counted.TotalMilliseconds:0}} ms each after {{Turn.LeadIn.TotalMilliseconds:0}} ms that do not count, so that what else the machine does falls on all of them. A round's rate is that of {{Turns}} turns together,
        and its p99 that of all their answers; ratios are taken within a round. A third of a round comes first, unmeasured.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var rows = new List<ResultRow>();
        foreach (var lines in Sizes)
        {
            rows.AddRange(await RunAsync(context, lines, cancellationToken));
        }

        return rows;
    }

    private async Task<IEnumerable<ResultRow>> RunAsync(BenchContext context, int lines, CancellationToken cancellationToken)
    {
        await using var servers = await ReadServers.StartAsync(context.Engines, lines, cancellationToken);
        var sides = new List<LoadSide>();
        try
        {
            // Ours is in the middle, so that all sides are near it in time. The judged pair is adjacent,
            // with a side next to each that affects them equally.
            await AddAsync(Empty, servers.Bare, "/bench/constant?");
            await AddAsync(Postgres, servers.Postgres, "/v1/orders/");
            await AddAsync(Ours, servers.Redis, "/v1/orders/");
            await AddAsync(Get, servers.Redis, "/bench/get/");
            await AddAsync(NewConnection, servers.Bare, "/bench/new/");
            await AddAsync(Constant, servers.Redis, "/bench/constant?");
            return Rows(lines, await MeasureAsync(context, lines, sides, cancellationToken));
        }
        finally
        {
            foreach (var side in sides)
            {
                side.Load.Dispose();
            }
        }

        async Task AddAsync(string name, BenchServer server, string path) => sides.Add(new(name, await LoadClient.ConnectAsync(
            server.Address, Requests.AnyOf([.. servers.OrderIds.Select(id => Requests.Get($"{path}{id}"))]), "200", cancellationToken)));
    }

    private async Task<Dictionary<string, List<LoadResult>>> MeasureAsync(BenchContext context, int lines, List<LoadSide> sides, CancellationToken cancellationToken)
    {
        var measured = await Rounds.RunByTurnsAsync(
            sides,
            context.Settings.Rounds,
            context.Settings.Quick ? QuickTurns : Turns,
            side => side.Load.RunAsync(Turn, cancellationToken),
            side => side.Load.Take(),
            (side, round, one) => context.Tell(
                Name, $"round {round}  {Lines(lines),-9}{side.Name,-34}{Sample.Figure(one.Rate, Unit),12}{Sample.Figure(one.P99, "µs p99"),18}"));
        return measured.ToDictionary(entry => entry.Key.Name, entry => entry.Value);
    }

    private List<ResultRow> Rows(int lines, Dictionary<string, List<LoadResult>> measured)
    {
        var subject = $"{Lines(lines)}, from Redis";
        var allocated = Sample.Of(measured[Ours].Select(one => one.BytesPerRequest));
        return
        [
            Compare(Get, MustReach),
            new()
            {
                Bench = Name,
                Subject = subject + ", p99",
                Ours = Sample.Of(P99(Ours)).Text("µs"),
                Rival = Get,
                Theirs = Sample.Of(P99(Get)).Text("µs"),
                Judged = Sample.Ratio(P99(Ours), P99(Get)),
                MustReach = Bound.AtMost(MostOfP99),
            },
            Compare(Constant),
            Compare(Empty),
            Compare(Postgres),
            Compare(NewConnection),
            new() { Bench = Name, Subject = subject + ", allocated for a request", Ours = allocated.Text("bytes"), Rival = "", Judged = allocated, Unit = "bytes" },
        ];

        ResultRow Compare(string rival, double? mustReach = null) => ResultRow.OfRates(Name, subject, Rates(Ours), rival, Rates(rival), Unit, mustReach);
        List<double> Rates(string side) => measured[side].ConvertAll(one => one.Rate);
        List<double> P99(string side) => measured[side].ConvertAll(one => one.P99);
    }

    private static string Lines(int lines) => lines == 1 ? "1 line" : $"{lines} lines";
}
