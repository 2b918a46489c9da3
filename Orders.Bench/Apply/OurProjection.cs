using DynamoStreams;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using DynamoStreams.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Local.Run;
using Orders.ServiceDefaults.Stores;
using Orders.Sync;

namespace Orders.Bench.Apply;

/// <summary>
/// Our side: a shard's pump with the service's own parts, from raw pages to commits and Redis.
/// </summary>
/// <param name="engines">Where the stores are.</param>
/// <param name="standing">A Redis database that already has orders; null for the first one, which is
/// purged.</param>
internal sealed class OurProjection(BenchEngines engines, int? standing = null) : ApplySide
{
    private static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(5);

    private WebApplication? _app;
    private ReadAheadBudget? _budget;
    private ShardLease? _lease;

    public override string Name => "ours";

    public override async Task PrepareAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        var addresses = engines.Addresses with { Postgres = database.ConnectionString, Redis = $"{engines.Redis},defaultDatabase={standing ?? 0}" };
        _app = SyncHost.Build(new() { EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory }, ServiceSettings.From(new(), lake: "", addresses, collector: null));
        var redis = _app.Services.GetRequiredService<IRedis>();
        _budget = new ReadAheadBudget(_app.Services.GetRequiredService<StreamConsumerOptions>().ReadAheadBytes);
        while (!redis.IsConnected)
        {
            await Task.Delay(ConnectPause, cancellationToken);
        }

        if (standing is null && redis.Database is { } cache)
        {
            await cache.ExecuteAsync("FLUSHDB");
        }

        await TakeShardAsync(cancellationToken);
    }

    /// <summary>Adds another shard: <see cref="ApplyAsync"/> reads each shard to its end.</summary>
    public async Task TakeShardAsync(CancellationToken cancellationToken)
    {
        _lease = await ReplayedShard.TakeAsync(_app!.Services.GetRequiredService<ILeaseStore>(), cancellationToken);
    }

    public override Task ApplyAsync(BenchDatabase database, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken) => ReadToEndAsync(_lease!, pages, cancellationToken);

    /// <summary>Reads shards in parallel, like an instance of the service that has several.</summary>
    /// <param name="shards">The pages of each.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task ApplyShardsAsync(IReadOnlyList<IReadOnlyList<byte[]>> shards, CancellationToken cancellationToken)
    {
        var all = new List<Task>();
        foreach (var pages in shards)
        {
            await TakeShardAsync(cancellationToken);
            all.Add(ReadToEndAsync(_lease!, pages, cancellationToken));
        }

        await Task.WhenAll(all);
    }

    private Task ReadToEndAsync(ShardLease lease, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken) =>
        ReplayedShard.ReadToEndAsync(_app!.Services, new PostgresLeaseStore(_app.Services.GetRequiredService<NpgsqlDataSource>()), _budget!, lease, pages, cancellationToken);

    /// <exception cref="InvalidOperationException">Orders are missing in Redis: the measured work was
    /// incomplete.</exception>
    public override async Task FinishAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        if (_app is null)
        {
            return;
        }

        if (standing is null)
        {
            await CheckCacheAsync(database, _app.Services.GetRequiredService<IRedis>(), cancellationToken);
        }

        await _app.DisposeAsync();
        _app = null;
    }

    private static async Task CheckCacheAsync(BenchDatabase database, IRedis redis, CancellationToken cancellationToken)
    {
        var cached = (long)await redis.Database!.ExecuteAsync("DBSIZE");
        await using var command = database.Source.CreateCommand("SELECT count(*) FROM orders");
        var orders = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (cached < orders)
        {
            throw new InvalidOperationException($"Redis has {cached} keys for {orders} orders.");
        }
    }
}
