using System.Collections.Concurrent;
using System.Diagnostics;
using Amazon.DynamoDBv2;
using DuckDB.NET.Data;
using DynamoStreams;
using DynamoStreams.Api;
using DynamoStreams.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Api;
using Orders.Bench.Http;
using Orders.Bench.Measuring;
using Orders.Bench.Stores;
using Orders.Bench.Write;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Ledger;

namespace Orders.Bench.Warehouse;

/// <summary>How soon a query sees an order: in our lake, and in the third seed's table. Both read the same
/// stream at the same time.</summary>
internal sealed class LakeFreshness : IAsyncDisposable
{
    public const int PerSecond = 20;

    private const string Table = "bench_warehouse";
    private static readonly TimeSpan RivalFileAge = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan QuickFileAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly BenchFolder _folder = new();
    private readonly BenchServer _api;
    private readonly BenchDatabase _ours;
    private readonly BenchDatabase _theirs;
    private readonly WebApplication _warehouse;
    private readonly StreamConsumer _rival;
    private readonly CancellationTokenSource _stop = new();
    private Task _rivalRuns = Task.CompletedTask;
    private string _views = "";

    private LakeFreshness(BenchContext context, BenchDatabase ours, BenchDatabase theirs, bool isQuick)
    {
        (_ours, _theirs) = (ours, theirs);
        _api = BenchServer.OfService(ApiHost.Build, context.Engines.Addresses, Table);
        _warehouse = OurLake.Build(context.Engines, ours, Path.Combine(_folder.Path, "lake"), Table, isQuick ? QuickFileAge : null);
        _rival = new(
            _warehouse.Services.GetRequiredService<IStreamsApi>(),
            new PostgresLeaseStore(theirs.Source),
            new JsonLoader(theirs, _folder.Path),
            new() { TableName = Table, BatchAge = isQuick ? QuickFileAge : RivalFileAge },
            TimeProvider.System,
            NullLogger<StreamConsumer>.Instance);
    }

    /// <summary>Starts both.</summary>
    public static async Task<LakeFreshness> StartAsync(BenchContext context, bool isQuick, CancellationToken cancellationToken)
    {
        var started = new LakeFreshness(context, await context.Engines.CreateDatabaseAsync(cancellationToken), await context.Engines.CreateDatabaseAsync(cancellationToken), isQuick);
        // It makes the table.
        await started._api.StartAsync(cancellationToken);
        await LedgerMigrations.All.ApplyAsync(started._ours.Source, cancellationToken);
        await started._warehouse.StartAsync(cancellationToken);
        started._views = ViewDatabase.FileOf(await started._warehouse.Services.GetRequiredService<ViewDatabase>().RefreshAsync(cancellationToken));
        await JsonTable.CreateAsync(started._theirs, cancellationToken);
        started._rivalRuns = started._rival.RunAsync(started._stop.Token);
        return started;
    }

    /// <summary>Places orders, and waits until both have all.</summary>
    /// <returns>The medians, in seconds.</returns>
    public async Task<(double Ours, double Theirs)> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var orders = (int)(duration.TotalSeconds * PerSecond);
        var answered = new ConcurrentDictionary<Guid, long>();
        using var duck = new DuckDBConnection($"DataSource={_views};access_mode=READ_ONLY");
        duck.Open();
        var ours = WatchAsync(answered, orders, () => Task.Run(() => ReadOurs(duck), cancellationToken), cancellationToken);
        var theirs = WatchAsync(answered, orders, () => ReadTheirsAsync(cancellationToken), cancellationToken);
        await PlaceAsync(answered, orders, cancellationToken);
        return (Sample.Of(await ours).Median, Sample.Of(await theirs).Median);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _rivalRuns;
        _rival.Dispose();
        await _warehouse.StopAsync();
        await _warehouse.DisposeAsync();
        await _api.DisposeAsync();
        await _ours.DisposeAsync();
        await _theirs.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
    }

    private async Task PlaceAsync(ConcurrentDictionary<Guid, long> answered, int orders, CancellationToken cancellationToken)
    {
        var dynamo = _api.App.Services.GetRequiredService<IAmazonDynamoDB>();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < orders; i++)
        {
            var early = TimeSpan.FromSeconds((double)i / PerSecond) - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, cancellationToken);
            }

            var orderId = BenchOrders.NewId();
            await dynamo.PutItemAsync(BarePuts.Put(Table, orderId), cancellationToken);
            answered[orderId] = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Looks again and again until every order was seen.</summary>
    private static async Task<List<double>> WatchAsync(ConcurrentDictionary<Guid, long> answered, int orders, Func<Task<HashSet<Guid>>> read, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<Guid, double>();
        for (; seen.Count < orders; await Task.Delay(Pause, cancellationToken))
        {
            var there = await read();
            foreach (var (orderId, at) in answered)
            {
                if (there.Contains(orderId))
                {
                    seen.TryAdd(orderId, Stopwatch.GetElapsedTime(at).TotalSeconds);
                }
            }
        }

        return [.. seen.Values];
    }

    private static HashSet<Guid> ReadOurs(DuckDBConnection duck)
    {
        using var command = duck.CreateCommand();
        command.CommandText = "SELECT order_id FROM orders_changes WHERE changed_at > now() - INTERVAL 5 MINUTE";
        using var reader = command.ExecuteReader();
        var ids = new HashSet<Guid>();
        while (reader.Read())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    private async Task<HashSet<Guid>> ReadTheirsAsync(CancellationToken cancellationToken)
    {
        await using var command = _theirs.Source.CreateCommand("SELECT order_id::uuid FROM changes WHERE changed_at > now() - interval '5 minutes'");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
