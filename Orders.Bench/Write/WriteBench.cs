using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api;
using Orders.Bench.Http;
using Orders.Bench.Measuring;
using Orders.Bench.Report;

namespace Orders.Bench.Write;

/// <summary>How fast orders are taken.</summary>
internal sealed class WriteBench : IBench
{
    private const string Table = "bench_write";
    private const string Unit = "/s";
    private const double MustReach = 0.9;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuickDuration = TimeSpan.FromSeconds(0.2);

    public string Name => "write";

    public string Explanation => """
        `POST /v1/orders` with three lines over 16 connections that stay open, without and with an `Idempotency-Key` (another with each request). Beside it a
        server with one route and no middleware, which does not even look at the body and puts an item of the same size: by PutItem, or with the key's item by
        TransactWriteItems, without conditions. The limit is the emulator's: PutItem through the SDK, 16 at a time, with no server before it. All of them
        write to one table, through the same client of the SDK, by turns.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using var api = BenchServer.OfService(ApiHost.Build, context.Engines.Addresses, Table);
        var dynamo = api.App.Services.GetRequiredService<IAmazonDynamoDB>();
        await using var bare = BarePuts.Create(dynamo, Table);
        await api.StartAsync(cancellationToken);
        await bare.StartAsync(cancellationToken);

        var plain = Requests.Post("/v1/orders", BenchOrders.Body);
        var ours = Side("without a key", api, () => plain);
        var oursWithKey = Side("with a key", api, () => Requests.Post("/v1/orders", BenchOrders.Body, $"Idempotency-Key: {BenchOrders.NewId()}\r\n"));
        var put = Side("a bare endpoint with PutItem", bare, Same(BarePuts.PutPath));
        var transact = Side("a bare endpoint with TransactWriteItems", bare, Same(BarePuts.TransactPath));
        var sdk = new WriteSide("PutItem through the SDK", time => SdkPuts.RunAsync(dynamo, Table, time, cancellationToken));
        WriteSide[] sides = [ours, put, oursWithKey, transact, sdk];
        var duration = context.Settings.Quick ? QuickDuration : Duration;
        foreach (var side in sides)
            await side.MeasureAsync(duration);
        var measured = await Rounds.RunAsync(sides, context.Settings.Rounds, async (side, round) =>
        {
            var one = await side.MeasureAsync(duration);
            context.Tell(Name, $"round {round}  {side.Name,-42}{Sample.Figure(one.Rate, Unit),12}{Sample.Figure(one.P99, "µs p99"),18}");
            return one;
        });

        var allocated = Sample.Of(measured[ours].Select(one => one.BytesPerRequest));
        return
        [
            Compare(ours, put, MustReach),
            Compare(oursWithKey, transact, MustReach),
            Compare(ours, sdk, mustReach: null),
            new() { Bench = Name, Subject = "without a key, allocated for a request", Ours = allocated.Text("bytes"), Rival = "", Judged = allocated, Unit = "bytes" },
        ];

        WriteSide Side(string name, BenchServer server, Func<ReadOnlyMemory<byte>> request) =>
            new(name, time => LoadClient.RunAsync(server.Address, request, "201", time, cancellationToken));
        ResultRow Compare(WriteSide our, WriteSide rival, double? mustReach) =>
            ResultRow.OfRates(Name, our.Name, [.. measured[our].Select(one => one.Rate)], rival.Name, [.. measured[rival].Select(one => one.Rate)], Unit, mustReach);
    }

    private static Func<ReadOnlyMemory<byte>> Same(string path)
    {
        var request = Requests.Post(path, BenchOrders.Body);
        return () => request;
    }
}
