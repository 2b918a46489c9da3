using Dapper;
using DynamoStreams;
using DynamoStreams.Postgres;
using DynamoStreams.Reading;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Sync.Migrations;
using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.DynamoStreams.Scripted;

/// <summary>Consumers on a scripted stream and a real Postgres.</summary>
public sealed class ConsumerBench(TestEngines engines) : IAsyncLifetime
{
    private NpgsqlDataSource _database = null!;

    internal PostgresLeaseStore Leases { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = NpgsqlDataSource.Create((await engines.CreateStoresAsync()).Postgres);
        Leases = new PostgresLeaseStore(_database);
        await ReadModelMigrations.ApplyAsync(_database, CancellationToken.None);
        await ExecuteAsync("CREATE TABLE noted (id bigint GENERATED ALWAYS AS IDENTITY, shard_id text, item text, what text)");
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>Forgets everything: the next test starts anew.</summary>
    internal Task ResetAsync() => ExecuteAsync("TRUNCATE noted, sync.shards, sync.gaps, sync.dead_letters");

    /// <summary>Starts a consumer; stop it by disposing.</summary>
    internal RunningConsumer Start(ScriptedStreams streams, NotingHandler? handler = null) => new(new StreamConsumer(
        streams,
        Leases,
        handler ?? Handler(),
        new StreamConsumerOptions
        {
            TableName = "orders",
            LeaseDuration = TimeSpan.FromSeconds(3),
            RenewInterval = TimeSpan.FromMilliseconds(50),
            ListInterval = TimeSpan.FromMilliseconds(100),
            Polling = new PollingOptions { FirstBackoff = TimeSpan.FromMilliseconds(5), LongestBackoff = TimeSpan.FromMilliseconds(50), Idle = TimeSpan.FromMilliseconds(50) },
        },
        TimeProvider.System,
        NullLogger<StreamConsumer>.Instance));

    internal NotingHandler Handler() => new(_database);

    /// <summary>The items noted, in the order in which they were committed.</summary>
    internal async Task<IReadOnlyList<string>> NotedAsync(string what = "applied")
    {
        await using var connection = await _database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("SELECT item FROM noted WHERE what = @what ORDER BY id", new { what })];
    }

    /// <summary>Waits until so many items are noted.</summary>
    internal Task NotedAsync(int count) => Eventually.HoldsAsync(async () => (await NotedAsync()).Count >= count);

    internal async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    internal async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    internal sealed class RunningConsumer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly StreamConsumer _consumer;
        private readonly Task _running;

        public RunningConsumer(StreamConsumer consumer)
        {
            _consumer = consumer;
            _running = consumer.RunAsync(_stop.Token);
        }

        public StreamConsumer Consumer => _consumer;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _consumer.Dispose();
            _stop.Dispose();
        }
    }
}
