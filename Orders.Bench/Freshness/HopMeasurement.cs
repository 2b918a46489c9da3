using System.Diagnostics;
using Amazon.DynamoDBv2;
using DynamoStreams.Api;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api;
using Orders.Bench.Apply;
using Orders.Bench.Http;
using Orders.Bench.Measuring;
using Orders.Bench.Stores;
using Orders.Bench.Write;
using Orders.Domain;
using Orders.Domain.Cache;
using Orders.Query.Cache;
using Orders.ServiceDefaults.Stores;
using Orders.Sync;
using Orders.Sync.Cache;
using RedisChannel = StackExchange.Redis.RedisChannel;

namespace Orders.Bench.Freshness;

/// <summary>
/// Measures each hop alone, one after the other, on its own table, Postgres database and Redis keys.
/// </summary>
internal sealed class HopMeasurement : IAsyncDisposable
{
    private const string Table = "bench_hops";
    private static readonly TimeSpan UntilItWaits = TimeSpan.FromMilliseconds(20);

    private readonly BenchDatabase _database;
    private readonly BenchServer _parts;
    private readonly OrderFlow _flow;
    private readonly Uri _query;
    private readonly IRedis _redis;
    private readonly CacheTrust _trust;
    private readonly IStreamsApi _stream;
    private string _iterator;

    private HopMeasurement(BenchDatabase database, BenchServer parts, OrderFlow flow, Consumer ours, IStreamsApi stream, string iterator)
    {
        (_database, _parts, _flow, _stream, _iterator) = (database, parts, flow, stream, iterator);
        (_query, _redis, _trust) = (ours.Query.Address, ours.Query.App.Services.GetRequiredService<IRedis>(), ours.Query.App.Services.GetRequiredService<CacheTrust>());
    }

    /// <param name="engines">The engines.</param>
    /// <param name="flow">Watches for the orders.</param>
    /// <param name="ours">The consumer whose Orders.Query and Redis are used.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<HopMeasurement> StartAsync(BenchEngines engines, OrderFlow flow, Consumer ours, CancellationToken cancellationToken)
    {
        await using (var api = BenchServer.OfService(ApiHost.Build, engines.Addresses, Table))
        {
            await api.StartAsync(cancellationToken);
        }

        var parts = BenchServer.OfService(SyncHost.Build, engines.Addresses, Table);
        var stream = parts.App.Services.GetRequiredService<IStreamsApi>();
        var arn = (await stream.ListStreamsAsync(Table, cancellationToken))[^1].StreamArn;
        var shard = (await stream.DescribeStreamAsync(arn, null, null, cancellationToken)).Shards[0].ShardId;
        var iterator = await stream.GetShardIteratorAsync(arn, shard, null, cancellationToken);
        return new(await engines.CreateDatabaseAsync(cancellationToken), parts, flow, ours, stream, iterator);
    }

    /// <param name="times">The number of measurements of each hop.</param>
    /// <param name="cancellationToken">Stops measuring.</param>
    public async Task<Hops> MeasureAsync(int times, CancellationToken cancellationToken) => new(
        await MedianAsync(times, () => ReadAsync(cancellationToken)),
        await MedianAsync(times, () => CommitAsync(cancellationToken)),
        await MedianAsync(times, () => CacheAsync(BenchOrders.New())),
        await MedianAsync(times, () => GetAsync(cancellationToken)),
        await MedianAsync(times, () => WatchAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static async Task<double> MedianAsync(int times, Func<Task<TimeSpan>> measure)
    {
        var took = new List<double>();
        for (var i = 0; i < times; i++)
        {
            took.Add((await measure()).TotalMilliseconds);
        }

        return Sample.Of(took).Median;
    }

    private async Task<TimeSpan> ReadAsync(CancellationToken cancellationToken)
    {
        var dynamo = _parts.App.Services.GetRequiredService<IAmazonDynamoDB>();
        await dynamo.PutItemAsync(BarePuts.Put(Table, BenchOrders.NewId()), cancellationToken);
        var put = Stopwatch.GetTimestamp();
        while (true)
        {
            using var page = await _stream.GetRecordsAsync(_iterator, cancellationToken);
            _iterator = page.NextShardIterator!;
            if (page.Records.Count > 0)
            {
                return Stopwatch.GetElapsedTime(put);
            }
        }
    }

    private async Task<TimeSpan> CommitAsync(CancellationToken cancellationToken)
    {
        var order = BenchOrders.New();
        var began = Stopwatch.GetTimestamp();
        await using var connection = await _database.Source.OpenConnectionAsync(cancellationToken);
        await using var batch = connection.CreateBatch();
        RowStatements.Add(batch.BatchCommands, (StreamEvent.Insert, order), OrderWrite.Upsert);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<TimeSpan> CacheAsync(Order order)
    {
        var (cache, ticket) = (_redis.Database!, $"{order.OrderId:N}");
        var keys = _trust.Keys!;
        var filling = CacheIdentity.Parse(await cache.StringGetAsync(keys.Identity))!.Value.Filling;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(CacheCalls.Announce(cache, keys, ticket, filling, [(order.OrderId, $"{order.Version}")]));
        await Task.WhenAll(CacheCalls.Complete(cache, keys, ticket, filling, [new CacheEntry(order.OrderId, order.Version, order.MerchantId, OrderJson.Render(order))]));
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<TimeSpan> GetAsync(CancellationToken cancellationToken)
    {
        var order = BenchOrders.New();
        await CacheAsync(order);
        var began = Stopwatch.GetTimestamp();
        await _flow.WatchAsync(_query, $"{order.OrderId}", cancellationToken);
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<TimeSpan> WatchAsync(CancellationToken cancellationToken)
    {
        var order = BenchOrders.New();
        var watch = _flow.WatchAsync(_query, $"{order.OrderId}", cancellationToken);
        await Task.Delay(UntilItWaits, cancellationToken);
        await CacheAsync(order);
        var told = Stopwatch.GetTimestamp();
        await _redis.Subscriber!.PublishAsync(RedisChannel.Literal(_trust.Keys!.Changes), $"{order.OrderId} {order.Version} {order.MerchantId} placed\n");
        await watch;
        return Stopwatch.GetElapsedTime(told);
    }
}
