using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orders.Bench.Apply;
using Orders.Bench.Http;
using Orders.Bench.Stores;
using Orders.Domain.Cache;
using Orders.Query;
using Orders.Query.Cache;
using Orders.ServiceDefaults.Stores;
using ConfigurationOptions = StackExchange.Redis.ConfigurationOptions;

namespace Orders.Bench.Read;

/// <summary>Orders of one size in both stores, and the servers that return them.</summary>
internal sealed class ReadServers : IAsyncDisposable
{
    private const string ContentType = "application/json; charset=utf-8";
    private static readonly TimeSpan TrustPause = TimeSpan.FromMilliseconds(50);

    private readonly BenchDatabase _database;

    private ReadServers(BenchDatabase database, BenchServer redis, BenchServer postgres, BenchServer bare, Guid[] orderIds) =>
        (_database, Redis, Postgres, Bare, OrderIds) = (database, redis, postgres, bare, orderIds);

    /// <summary>
    /// Orders.Query with Redis; it also has <c>/bench/constant</c> and <c>/bench/get/{id}</c> behind the
    /// same middleware.
    /// </summary>
    public BenchServer Redis { get; }

    /// <summary>Orders.Query without Redis.</summary>
    public BenchServer Postgres { get; }

    /// <summary>A server with only <c>/bench/constant</c> and <c>/bench/new/{id}</c>.</summary>
    public BenchServer Bare { get; }

    public Guid[] OrderIds { get; }

    public static async Task<ReadServers> StartAsync(BenchEngines engines, int lines, CancellationToken cancellationToken)
    {
        var database = await engines.CreateDatabaseAsync(cancellationToken);
        await FillAsync(engines, database, lines, cancellationToken);
        var orderIds = await database.ReadIdsAsync(cancellationToken);
        var addresses = engines.Addresses with { Postgres = database.ConnectionString };
        var redis = BenchServer.OfService(QueryHost.Build, addresses);
        var postgres = BenchServer.OfService(QueryHost.Build, addresses with { Redis = null });
        var bare = BenchServer.Bare();
        var body = await PrepareRedisAsync(redis.App.Services.GetRequiredService<IRedis>(), await database.Source.CacheKeysAsync(), orderIds, cancellationToken);
        Map(redis.App, body);
        MapBare(bare.App, body, ConfigurationOptions.Parse(engines.Redis));
        foreach (var server in new[] { redis, postgres, bare })
        {
            await server.StartAsync(cancellationToken);
        }

        while (!redis.App.Services.GetRequiredService<CacheTrust>().IsTrusted)
        {
            await Task.Delay(TrustPause, cancellationToken);
        }

        return new(database, redis, postgres, bare, orderIds);
    }

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
        await Bare.DisposeAsync();
        await _database.DisposeAsync();
    }

    // As Orders.Sync writes them.
    private static async Task FillAsync(BenchEngines engines, BenchDatabase database, int lines, CancellationToken cancellationToken)
    {
        var projection = new OurProjection(engines);
        await projection.PrepareAsync(database, cancellationToken);
        await projection.ApplyAsync(database, Workload.Make(Workload.PageRecords, lines).Pages, cancellationToken);
        await projection.FinishAsync(database, cancellationToken);
        await database.ExecuteAsync("DELETE FROM sync.cache_suspensions; DELETE FROM sync.shards", cancellationToken);
        await database.ExecuteAsync("VACUUM ANALYZE", cancellationToken);
    }

    private static async Task<byte[]> PrepareRedisAsync(IRedis redis, CacheKeys keys, Guid[] orderIds, CancellationToken cancellationToken)
    {
        while (!redis.IsConnected)
        {
            await Task.Delay(TrustPause, cancellationToken);
        }

        var cache = redis.Database!;
        byte[] body = [];
        foreach (var orderId in orderIds)
        {
            body = (byte[])(await cache.HashGetAsync(keys.Order(orderId), OrderCache.BodyField))!;
            await cache.StringSetAsync($"bench:{orderId}", body);
        }

        return body;
    }

    private static void Map(WebApplication app, byte[] constant)
    {
        var redis = app.Services.GetRequiredService<IRedis>();
        app.MapGet("/bench/constant", (HttpContext http) => Answer(http, constant));
        app.MapGet("/bench/get/{id}", async (string id, HttpContext http) => await Answer(http, (byte[])(await redis.Database!.StringGetAsync("bench:" + id))!));
    }

    private static void MapBare(WebApplication app, byte[] constant, ConfigurationOptions redis)
    {
        var (address, password) = ((IPEndPoint)redis.EndPoints[0], redis.Password!);
        app.MapGet("/bench/constant", (HttpContext http) => Answer(http, constant));
        app.MapGet("/bench/new/{id}", async (string id, HttpContext http) =>
            await Answer(http, await NewConnection.GetAsync(address, password, "bench:" + id, http.RequestAborted)));
    }

    private static Task Answer(HttpContext http, byte[] body)
    {
        http.Response.ContentType = ContentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, 0, body.Length);
    }
}
