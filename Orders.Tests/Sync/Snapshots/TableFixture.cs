using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dapper;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Postgres;
using DynamoStreams.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain.Cache;
using Orders.Domain.Item;
using Orders.Sync;
using Orders.Sync.Migrations;
using Orders.Sync.Repair;
using Orders.Sync.Snapshots;
using Orders.Tests.Engines;
using Shouldly;
using StackExchange.Redis;
using Xunit;
using Order = Orders.Domain.Order;

namespace Orders.Tests.Sync.Snapshots;

/// <summary>
/// A real table beside a real Postgres and Redis. Nothing runs by itself: a test feeds the stream by hand,
/// and runs snapshots when it wants to.
/// </summary>
public sealed class TableFixture(TestEngines engines) : IAsyncLifetime
{
    private const string StreamArn = "arn:test/stream/1";
    private ConnectionMultiplexer? _redis;

    public TestStores Stores { get; private set; } = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>The names of the read model in Redis, as long as no service has noted its table.</summary>
    public CacheKeys Keys { get; private set; } = null!;

    public IAmazonDynamoDB Dynamo { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stores = await engines.CreateStoresAsync();
        Database = NpgsqlDataSource.Create(Stores.Postgres);
        await ReadModelMigrations.ApplyAsync(Database, CancellationToken.None);
        Keys = await Database.CacheKeysAsync();
        _redis = Stores.Redis is null ? null : await ConnectionMultiplexer.ConnectAsync(Stores.Redis + ",allowAdmin=true");
        Dynamo = new AmazonDynamoDBClient("local", "local", new AmazonDynamoDBConfig { ServiceURL = Stores.DynamoDb, AuthenticationRegion = "us-east-1" });
    }

    public async ValueTask DisposeAsync()
    {
        Dynamo.Dispose();
        _redis?.Dispose();
        await Database.DisposeAsync();
    }

    /// <summary>An empty table, an empty read model, an empty cache.</summary>
    public async Task ResetAsync()
    {
        try
        {
            await Dynamo.DeleteTableAsync(Stores.Table);
        }
        catch (ResourceNotFoundException)
        {
            // The first test.
        }

        await Dynamo.CreateTableAsync(new CreateTableRequest
        {
            TableName = Stores.Table,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new(OrderAttributes.Pk, ScalarAttributeType.S), new(OrderAttributes.Sk, ScalarAttributeType.S)],
            KeySchema = [new(OrderAttributes.Pk, KeyType.HASH), new(OrderAttributes.Sk, KeyType.RANGE)],
            StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
        });
        await ExecuteAsync(
            """
            TRUNCATE orders, order_items, order_history, customers, products, hourly_totals, sync.tombstones, sync.doubtful_orders, sync.cache_repairs,
                     sync.shards, sync.gaps, sync.dead_letters, sync.snapshots, sync.snapshot_segments, sync.snapshot_faults, sync.snapshot_seen, sync.source_table
            """);
        if (_redis is not null)
        {
            await _redis.GetDatabase().ExecuteAsync("FLUSHDB");
        }
    }

    /// <summary>The service's parts; its host does not run.</summary>
    internal SyncParts Build(params (string Name, string Value)[] settings) => BuildOn(Stores.DynamoDb, settings);

    /// <summary>The same on another address of the table.</summary>
    internal SyncParts BuildOn(string dynamoDb, params (string Name, string Value)[] settings)
    {
        var all = Stores.Settings;
        all["urls"] = "http://127.0.0.1:0";
        all["AWS_ENDPOINT_URL_DYNAMODB"] = dynamoDb;
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return new SyncParts(SyncHost.Build(new() { EnvironmentName = "Development" }, all));
    }

    /// <summary>Writes orders to the table.</summary>
    public async Task PutAsync(params IEnumerable<Order> orders)
    {
        foreach (var chunk in orders.Chunk(25))
        {
            await Dynamo.BatchWriteItemAsync(new BatchWriteItemRequest
            {
                RequestItems = new() { [Stores.Table] = [.. chunk.Select(order => new WriteRequest(new PutRequest(OrderItem.From(order))))] },
            });
        }
    }

    /// <summary>Writes any item to the table.</summary>
    public Task PutAsync(Dictionary<string, AttributeValue> item) => Dynamo.PutItemAsync(Stores.Table, item);

    /// <summary>Deletes an order from the table.</summary>
    public Task DeleteAsync(Order order) => Dynamo.DeleteItemAsync(Stores.Table, OrderItem.Key(order.OrderId));

    /// <summary>A lease on a new shard, for feeding records by hand.</summary>
    internal async Task<ShardLease> LeaseAsync()
    {
        var leases = new PostgresLeaseStore(Database);
        var shardId = $"shard-{Guid.CreateVersion7():N}";
        await leases.AddAsync([(StreamArn, new ShardDescription(shardId, null))], CancellationToken.None);
        return (await leases.TryAcquireAsync(new ShardState(StreamArn, shardId, null, false, true), "tests", TimeSpan.FromMinutes(5), CancellationToken.None))!;
    }

    /// <summary>A part of the stream is lost.</summary>
    public Task AddGapAsync() => ExecuteAsync("INSERT INTO sync.gaps (stream_arn, shard_id, reason) VALUES ('arn', 'shard', 'trimmed')");

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    /// <summary>Totals that are not what their orders add up to.</summary>
    public Task<int> WrongTotalsAsync() => ScalarAsync<int>(
        """
        SELECT count(*)
          FROM (SELECT merchant_id, sync.utc_hour(placed_at) AS hour, currency, count(*) AS orders, sum(amount) AS amount
                  FROM orders WHERE status <> 'cancelled' GROUP BY 1, 2, 3) AS counted
          FULL JOIN (SELECT * FROM hourly_totals WHERE orders <> 0 OR amount <> 0) AS totals USING (merchant_id, hour, currency)
         WHERE counted.orders IS DISTINCT FROM totals.orders OR counted.amount IS DISTINCT FROM totals.amount
        """);

    internal IDatabase Redis
    {
        get
        {
            Assert.SkipWhen(_redis is null, "no Redis on this machine");
            return _redis!.GetDatabase();
        }
    }

    internal async Task<Dictionary<string, string>> CachedAsync(Guid orderId) =>
        (await Redis.HashGetAllAsync(Keys.Order(orderId))).ToDictionary(entry => (string)entry.Name!, entry => (string)entry.Value!);

    internal sealed record SyncParts(WebApplication App) : IAsyncDisposable
    {
        public T Get<T>()
            where T : notnull => App.Services.GetRequiredService<T>();

        public SnapshotControl Snapshots => Get<SnapshotControl>();

        /// <summary>Waits for Redis, which connects in the background.</summary>
        public Task RedisAsync() => Eventually.HoldsAsync(() => Task.FromResult(Get<global::Orders.ServiceDefaults.Stores.IRedis>() is { IsConfigured: false } or { IsConnected: true }));

        /// <summary>Applies records as the stream would.</summary>
        public async Task ApplyAsync(ShardLease lease, params StreamRecord[] records)
        {
            await Get<IBatchHandler>().ApplyAsync(new ShardBatch(lease, records, EndsShard: false), CancellationToken.None);
            await Get<IBatchHandler>().SettledAsync(lease);
        }

        /// <summary>Begins a snapshot, or goes on with one, and runs it to its end.</summary>
        public async Task<SnapshotProgress> RunAsync(SnapshotKind kind = SnapshotKind.Snapshot, CancellationToken cancellationToken = default)
        {
            var snapshotId = await BeginAsync(kind);
            (await Get<SnapshotRunner>().TryRunAsync(snapshotId, scan: null, cancellationToken)).ShouldBeTrue();
            return (await Snapshots.ReadProgressAsync(snapshotId, CancellationToken.None))!;
        }

        public async Task<long> BeginAsync(SnapshotKind kind = SnapshotKind.Snapshot) =>
            (await Snapshots.BeginAsync(kind, "a test", CancellationToken.None)).ShouldNotBeNull();

        /// <summary>A runner that reads the table through a test's hands.</summary>
        public SnapshotRunner Runner(ITablePages pages) => ActivatorUtilities.CreateInstance<SnapshotRunner>(App.Services, pages);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
