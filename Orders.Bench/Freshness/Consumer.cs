using DynamoStreams;
using Microsoft.Extensions.DependencyInjection;
using Orders.Bench.Http;
using Orders.Bench.Stores;
using Orders.Query;
using Orders.Query.Cache;
using Orders.Sync;

namespace Orders.Bench.Freshness;

/// <summary>A complete read side: Orders.Sync with its own stores, and Orders.Query for readers.</summary>
internal sealed class Consumer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly BenchDatabase _database;
    private readonly PacedReads? _reads;
    private readonly BenchServer _sync;

    private Consumer(string name, BenchDatabase database, PacedReads? reads, BenchServer sync, BenchServer query) =>
        (Name, _database, _reads, _sync, Query) = (name, database, reads, sync, query);

    /// <summary>A description in a few words.</summary>
    public string Name { get; }

    /// <summary>Its Orders.Query, where its orders become visible.</summary>
    public BenchServer Query { get; }

    /// <summary>Its read model.</summary>
    public BenchDatabase Database => _database;

    /// <summary>The number of GetRecords calls so far.</summary>
    public long Reads => _sync.App.Services.GetRequiredService<StreamConsumer>().Progress.Shards.Sum(shard => shard.Polls);

    /// <summary>
    /// Starts a consumer, and waits until it follows the stream and readers trust its cache.
    /// </summary>
    /// <param name="engines">The engines.</param>
    /// <param name="table">The table whose stream it follows; it must exist.</param>
    /// <param name="side">The way to follow the stream.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<Consumer> StartAsync(BenchEngines engines, string table, ConsumerSide side, CancellationToken cancellationToken)
    {
        var addresses = engines.Addresses;
        var database = await engines.CreateDatabaseAsync(cancellationToken);
        var reads = side.Pace is { } pace ? await PacedReads.StartAsync(new(addresses.DynamoDb), pace, cancellationToken) : null;
        // Redis channels are shared by the whole server, unlike databases: without the prefix each consumer
        // would receive the changes of the others.
        var own = addresses with { Postgres = database.ConnectionString, Redis = $"{engines.Redis},defaultDatabase={side.RedisDatabase},channelPrefix={side.RedisDatabase}:" };
        var sync = BenchServer.OfService(SyncHost.Build, reads is null ? own : own with { DynamoDb = reads.Server.Address.AbsoluteUri.TrimEnd('/') }, table);
        var consumer = new Consumer(side.Name, database, reads, sync, BenchServer.OfService(QueryHost.Build, own, table));
        await sync.StartAsync(cancellationToken);
        await consumer.Query.StartAsync(cancellationToken);
        var trust = consumer.Query.App.Services.GetRequiredService<CacheTrust>();
        var progress = sync.App.Services.GetRequiredService<StreamConsumer>().Progress;
        while (!trust.IsTrusted || !progress.Shards.Any(shard => shard.IsCaughtUp))
        {
            await Task.Delay(Pause, cancellationToken);
        }

        return consumer;
    }

    public async ValueTask DisposeAsync()
    {
        await Query.DisposeAsync();
        await _sync.DisposeAsync();
        if (_reads is not null)
        {
            await _reads.DisposeAsync();
        }

        await _database.DisposeAsync();
    }
}
