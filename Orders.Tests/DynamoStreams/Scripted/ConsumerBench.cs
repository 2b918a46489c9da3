using Dapper;
using DynamoStreams;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using DynamoStreams.Scheduling;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Sync.Migrations;
using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.DynamoStreams.Scripted;

/// <summary>Consumers on a scripted stream and a real Postgres.</summary>
public sealed class ConsumerBench(TestEngines engines) : IAsyncLifetime
{
    internal NpgsqlDataSource Database { get; private set; } = null!;

    internal PostgresLeaseStore Leases { get; private set; } = null!;

    internal string ConnectionString { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = (await engines.CreateStoresAsync()).Postgres;
        Database = NpgsqlDataSource.Create(ConnectionString);
        Leases = new PostgresLeaseStore(Database);
        await ReadModelMigrations.ApplyAsync(Database, CancellationToken.None);
        await ExecuteAsync("CREATE TABLE noted (id bigint GENERATED ALWAYS AS IDENTITY, shard_id text, item text, what text)");
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    /// <summary>Forgets everything: the next test starts anew.</summary>
    internal Task ResetAsync() => ExecuteAsync("TRUNCATE noted, sync.shards, sync.streams, sync.listings, sync.instances, sync.gaps, sync.dead_letters");

    /// <summary>The product's own options, but for waits that would make tests slow.</summary>
    internal static StreamConsumerOptions Options(string table = "orders") => new()
    {
        TableName = table,
        LeaseDuration = TimeSpan.FromSeconds(3),
        RenewInterval = TimeSpan.FromMilliseconds(200),
        LookInterval = TimeSpan.FromMilliseconds(50),
        ListInterval = TimeSpan.FromMilliseconds(100),
        SoonestListInterval = TimeSpan.FromMilliseconds(20),
        Polling = new PollingOptions { FirstBackoff = TimeSpan.FromMilliseconds(5), LongestBackoff = TimeSpan.FromMilliseconds(50), UntilUndecodable = TimeSpan.FromMilliseconds(500), Idle = TimeSpan.FromMilliseconds(50) },
    };

    /// <summary>Starts a consumer; stop it by disposing.</summary>
    internal RunningConsumer Start(
        ScriptedStreams streams, IBatchHandler? handler = null, Func<StreamConsumerOptions, StreamConsumerOptions>? change = null, ILeaseStore? leases = null)
    {
        var options = Options(streams.Table);
        return Start(streams, handler ?? Handler(), change?.Invoke(options) ?? options, leases);
    }

    internal RunningConsumer Start(IStreamsApi api, IBatchHandler handler, StreamConsumerOptions options, ILeaseStore? leases = null) =>
        new(new StreamConsumer(api, leases ?? Leases, handler, options, TimeProvider.System, NullLogger<StreamConsumer>.Instance), options);

    internal NotingHandler Handler() => new(Database);

    /// <summary>The items noted, in the order in which they were committed.</summary>
    internal async Task<IReadOnlyList<string>> NotedAsync(string what = "applied")
    {
        await using var connection = await Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("SELECT item FROM noted WHERE what = @what ORDER BY id", new { what })];
    }

    /// <summary>Waits until so many items are noted.</summary>
    internal Task NotedAsync(int count) => HoldsAsync($"SELECT count(*) >= {count} FROM noted WHERE what = 'applied'");

    /// <summary>Waits until a query answers true.</summary>
    internal Task HoldsAsync(string sql) => Eventually.HoldsAsync(() => ScalarAsync<bool>(sql));

    internal async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    internal async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    internal sealed class RunningConsumer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;
        private bool _isStopped;

        public RunningConsumer(StreamConsumer consumer, StreamConsumerOptions options)
        {
            Consumer = consumer;
            Owner = options.Owner;
            _running = consumer.RunAsync(_stop.Token);
        }

        public StreamConsumer Consumer { get; }

        public string Owner { get; }

        public async Task StopAsync()
        {
            if (!_isStopped)
            {
                _isStopped = true;
                await _stop.CancelAsync();
                await _running;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            Consumer.Dispose();
            _stop.Dispose();
        }
    }
}
