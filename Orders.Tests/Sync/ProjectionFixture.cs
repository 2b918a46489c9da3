using Dapper;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain.Cache;
using Orders.Sync;
using Orders.Sync.Migrations;
using Orders.Tests.Engines;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Sync;

/// <summary>The projection on a real Postgres and Redis, fed with records by hand.</summary>
public sealed class ProjectionFixture(TestEngines engines) : IAsyncLifetime
{
    public const string StreamArn = "arn:test/stream/1";
    private ConnectionMultiplexer? _redis;

    public TestStores Stores { get; private set; } = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>The names of the read model in Redis.</summary>
    public CacheKeys Keys { get; private set; } = null!;

    internal PostgresLeaseStore Leases { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stores = await engines.CreateStoresAsync();
        Database = NpgsqlDataSource.Create(Stores.Postgres);
        Leases = new PostgresLeaseStore(Database);
        await ReadModelMigrations.ApplyAsync(Database, CancellationToken.None);
        Keys = await Database.CacheKeysAsync();
        _redis = Stores.Redis is null ? null : await ConnectionMultiplexer.ConnectAsync(Stores.Redis);
    }

    public async ValueTask DisposeAsync()
    {
        _redis?.Dispose();
        await Database.DisposeAsync();
    }

    /// <summary>A service's parts without its host running: nothing reads the stream.</summary>
    /// <param name="redis">Another Redis than the class's.</param>
    internal Parts Build(string? redis = null) => Build(Stores.Postgres, redis ?? Stores.Redis);

    /// <summary>The same with another connection string.</summary>
    internal Parts BuildOn(string postgres) => Build(postgres, Stores.Redis);

    private Parts Build(string postgres, string? redis)
    {
        var settings = Stores.Settings;
        settings["ConnectionStrings:orders"] = postgres;
        settings["ConnectionStrings:redis"] = redis;
        var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        return new Parts(app, app.Services.GetRequiredService<IBatchHandler>());
    }

    /// <summary>A lease on a new shard.</summary>
    internal async Task<ShardLease> LeaseAsync(string? shardId = null)
    {
        shardId ??= $"shard-{Guid.CreateVersion7():N}";
        await Leases.AddAsync([(StreamArn, new ShardDescription(shardId, null))], CancellationToken.None);
        return (await Leases.TryAcquireAsync(new ShardState(StreamArn, shardId, null, false, true), "tests", TimeSpan.FromMinutes(5), CancellationToken.None))!;
    }

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

    public async Task<Dictionary<string, string>> CachedAsync(Guid orderId)
    {
        Assert.SkipWhen(_redis is null, "no Redis on this machine");
        var entries = await _redis!.GetDatabase().HashGetAllAsync(Keys.Order(orderId));
        return entries.ToDictionary(entry => (string)entry.Name!, entry => (string)entry.Value!);
    }

    internal sealed record Parts(Microsoft.AspNetCore.Builder.WebApplication App, IBatchHandler Handler) : IAsyncDisposable
    {
        public async Task ApplyAsync(ShardLease lease, params StreamRecord[] records)
        {
            await Handler.ApplyAsync(new ShardBatch(lease, records, EndsShard: false), CancellationToken.None);
            await Handler.SettledAsync(lease);
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
