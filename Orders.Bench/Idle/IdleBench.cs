using System.Diagnostics;
using Amazon.DynamoDBv2;
using DynamoStreams;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api;
using Orders.Bench.Http;
using Orders.Bench.Measuring;
using Orders.Bench.Report;
using Orders.Bench.Write;
using Orders.ServiceDefaults.Stores;
using Orders.Sync;
using Orders.Sync.Cache;

namespace Orders.Bench.Idle;

/// <summary>The cost of an idle shard, and how soon its next record is seen.</summary>
internal sealed class IdleBench : IBench
{
    private const string Table = "bench_idle";
    private const double LambdaCalls = 4;
    private const double FreshMilliseconds = 250;
    private const int SamplesInRound = 3;
    private const double SecondsInHour = 3600;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QuickWatched = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan QuickSettle = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Three and a half seconds after a record, the consumer's polling interval is at its longest.
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(3_500);
    private static readonly TimeSpan QuickSilence = TimeSpan.FromMilliseconds(370);

    public string Name => "idle";

    public string Explanation => """
        Orders.Sync on a table in which nothing happens: every HTTP call to DynamoDB and its streams in 60 s, listings included, and the processor time of the
        whole process. Lambda polls a shard four times a second, KCL with the streams adapter once. Then an order is put after three and a half seconds of
        silence, when the waits are at their longest, each at another moment of a wait; and Redis, which Orders.Query reads, is looked at until it is there.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using var database = await context.Engines.CreateDatabaseAsync(cancellationToken);
        var addresses = context.Engines.Addresses with { Postgres = database.ConnectionString };
        await using (var api = BenchServer.OfService(ApiHost.Build, addresses, Table))
        {
            await api.StartAsync(cancellationToken);
        }

        await using var sync = BenchServer.OfService(SyncHost.Build, addresses, Table);
        await sync.StartAsync(cancellationToken);
        var progress = sync.App.Services.GetRequiredService<StreamConsumer>().Progress;
        while (!progress.Shards.Any(shard => shard.IsCaughtUp))
        {
            await Task.Delay(Pause, cancellationToken);
        }

        await Task.Delay(context.Settings.Quick ? QuickSettle : Settle, cancellationToken);

        var (calls, processor) = await WatchAsync(context, cancellationToken);
        var fresh = new List<double>();
        var samples = context.Settings.Quick ? 2 : context.Settings.Rounds * SamplesInRound;
        var wait = sync.App.Services.GetRequiredService<StreamConsumerOptions>().Polling.Idle;
        for (var i = 0; i < samples; i++)
        {
            fresh.Add(await FreshAsync(sync, (context.Settings.Quick ? QuickSilence : Silence) + (wait * i / samples), cancellationToken));
        }

        var seen = Sample.Of(fresh);
        var hourly = $"{Sample.Figure(calls, "a second")}, {Sample.Figure(calls * SecondsInHour, "an hour")}";
        context.Tell(Name, $"seen after silence: {seen.Text("ms")}");
        return
        [
            Row("calls to an idle shard a second", hourly, "Lambda", "4.00 a second, published", Sample.Of([calls]), "a second", Bound.AtMost(LambdaCalls)),
            Row("calls to an idle shard a second", hourly, "KCL with the streams adapter", "1.00 a second, published", Sample.Of([calls]), "a second", null),
            Row("processor time for an idle hour", $"{Sample.Figure(processor * SecondsInHour, "s")}", "", "", Sample.Of([processor * SecondsInHour]), "s", null),
            Row("seen after silence", seen.Text("ms"), "", "", seen, "ms", Bound.AtMost(FreshMilliseconds)),
        ];
    }

    private ResultRow Row(string subject, string ours, string rival, string theirs, Sample judged, string unit, Bound? mustReach) =>
        new() { Bench = Name, Subject = subject, Ours = ours, Rival = rival, Theirs = theirs, Judged = judged, Unit = unit, MustReach = mustReach };

    /// <returns>Calls a second, and processor seconds a second.</returns>
    private async Task<(double Calls, double Processor)> WatchAsync(BenchContext context, CancellationToken cancellationToken)
    {
        using var counter = new CallCounter(new Uri(context.Engines.Addresses.DynamoDb).Port);
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(context.Settings.Quick ? QuickWatched : Watched, cancellationToken);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        process.Refresh();
        var (calls, busy) = (counter.Calls / took, (process.TotalProcessorTime - processor).TotalSeconds / took);
        context.Tell(Name, $"{Sample.Figure(calls, "calls a second")}, {Sample.Figure(busy * 1000, "ms of processor time a second")}");
        return (calls, busy);
    }

    /// <returns>Milliseconds from the response to the put until the order is in Redis.</returns>
    private static async Task<double> FreshAsync(BenchServer sync, TimeSpan silence, CancellationToken cancellationToken)
    {
        await Task.Delay(silence, cancellationToken);
        var cache = sync.App.Services.GetRequiredService<IRedis>().Database!;
        var orderId = BenchOrders.NewId();
        await sync.App.Services.GetRequiredService<IAmazonDynamoDB>().PutItemAsync(BarePuts.Put(Table, orderId), cancellationToken);
        var put = Stopwatch.GetTimestamp();
        var filling = sync.App.Services.GetRequiredService<CacheFilling>();
        while (filling.Keys is not { } keys || !await cache.KeyExistsAsync(keys.Order(orderId)))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return Stopwatch.GetElapsedTime(put).TotalMilliseconds;
    }
}
