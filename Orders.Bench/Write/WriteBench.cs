using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api;
using Orders.Bench.Http;
using Orders.Bench.Measuring;
using Orders.Bench.Report;

namespace Orders.Bench.Write;

/// <summary>How fast orders are accepted.</summary>
internal sealed class WriteBench : IBench
{
    private const string Table = "bench_write";
    private const string Unit = "/s";
    private const double MustReach = 0.9;
    private const int Turns = 16;
    private const int QuickTurns = 2;
    // Longer than for reads: sixteen concurrent transactions take 20 ms.
    private static readonly Turn Turn = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100));

    public string Name => "write";

    public string Explanation => $"""
        `POST /v1/orders` with three lines over 16 connections that stay open, without and with an `Idempotency-Key` (another with each request). Beside it a
        server with one route and no middleware, which does not even look at the body and puts an item of the same size: by PutItem, or with the key's item by
        TransactWriteItems, without conditions. The limit is the emulator's: PutItem through the SDK, 16 at a time, with no server before it. All of them
        write to one table, through the same client of the SDK. The sides run by turns, forwards and backwards, {Turn.Counted.TotalMilliseconds:0} ms each after {Turn.LeadIn.TotalMilliseconds:0} ms that do not
        count, so that what else the machine does falls on all of them. A round's rate is that of {Turns} turns together; ratios are taken within a round. A third
        of a round comes first, unmeasured. Our put has a condition, that the order is not there yet, since a put whose answer was lost is repeated: without
        it the second could overwrite a later status, or bring a deleted order back. What that costs is told by the bare endpoint with the same condition.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using var api = BenchServer.OfService(ApiHost.Build, context.Engines.Addresses, Table);
        var dynamo = api.App.Services.GetRequiredService<IAmazonDynamoDB>();
        await using var bare = BarePuts.Create(dynamo, Table);
        await api.StartAsync(cancellationToken);
        await bare.StartAsync(cancellationToken);

        var plain = Requests.Post("/v1/orders", BenchOrders.Body);
        using var plainLoad = await LoadAsync(api, () => plain);
        using var keyLoad = await LoadAsync(api, () => Requests.Post("/v1/orders", BenchOrders.Body, $"Idempotency-Key: {BenchOrders.NewId()}\r\n"));
        using var putLoad = await LoadAsync(bare, Same(BarePuts.PutPath));
        using var conditionLoad = await LoadAsync(bare, Same(BarePuts.PutNewPath));
        using var transactLoad = await LoadAsync(bare, Same(BarePuts.TransactPath));
        using var sdkLoad = new SdkPuts(dynamo, Table);
        var (ours, put, sdk) = (new LoadSide("without a key", plainLoad), new LoadSide("a bare endpoint with PutItem", putLoad), new LoadSide("PutItem through the SDK", sdkLoad));
        var conditional = new LoadSide("a bare endpoint with PutItem, with our condition", conditionLoad);
        var (oursWithKey, transact) = (new LoadSide("with a key", keyLoad), new LoadSide("a bare endpoint with TransactWriteItems", transactLoad));
        var measured = await Rounds.RunByTurnsAsync(
            [sdk, ours, put, transact, oursWithKey, conditional],
            context.Settings.Rounds,
            context.Settings.Quick ? QuickTurns : Turns,
            side => side.Load.RunAsync(Turn, cancellationToken),
            side => side.Load.Take(),
            (side, round, one) => context.Tell(Name, $"round {round}  {side.Name,-50}{Sample.Figure(one.Rate, Unit),12}{Sample.Figure(one.P99, "µs p99"),18}"));

        var allocated = Sample.Of(measured[ours].Select(one => one.BytesPerRequest));
        return
        [
            Compare(ours, put, MustReach),
            Compare(oursWithKey, transact, MustReach),
            Compare(ours, conditional, mustReach: null),
            Compare(ours, sdk, mustReach: null),
            new() { Bench = Name, Subject = "without a key, allocated for a request", Ours = allocated.Text("bytes"), Rival = "", Judged = allocated, Unit = "bytes" },
        ];

        Task<LoadClient> LoadAsync(BenchServer server, Func<ReadOnlyMemory<byte>> request) => LoadClient.ConnectAsync(server.Address, request, "201", cancellationToken);
        ResultRow Compare(LoadSide our, LoadSide rival, double? mustReach) =>
            ResultRow.OfRates(Name, our.Name, [.. measured[our].Select(one => one.Rate)], rival.Name, [.. measured[rival].Select(one => one.Rate)], Unit, mustReach);
    }

    private static Func<ReadOnlyMemory<byte>> Same(string path)
    {
        var request = Requests.Post(path, BenchOrders.Body);
        return () => request;
    }
}
