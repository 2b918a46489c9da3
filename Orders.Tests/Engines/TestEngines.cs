using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.ServiceDefaults.Hosting;
using Orders.Tests.Engines;
using Xunit;

[assembly: AssemblyFixture(typeof(TestEngines))]

namespace Orders.Tests.Engines;

/// <summary>
/// The engines of the whole test run: found as Orders.Local finds them, started once, when the first test
/// asks for stores, in a temporary folder that is removed at the end. Nothing of them outlives the run, not
/// even one that is killed.
/// </summary>
public sealed class TestEngines : IAsyncLifetime
{
    // Redis' databases are numbered and fixed at its start; there is one for each test class.
    private const int RedisDatabases = 512;

    private readonly ConcurrentQueue<string> _steps = new();
    private readonly Lazy<Task<(DataFolder Data, EngineSet Engines)>> _started;
    private int _stores;

    public TestEngines()
    {
        ProcessEnvironment.Settle();
        _started = new(StartAsync);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// Stores that no other test class sees: a table name, a Postgres database, a Redis database, all empty.
    /// </summary>
    public async Task<TestStores> CreateStoresAsync()
    {
        var (_, engines) = await _started.Value;
        var number = Interlocked.Increment(ref _stores);
        if (number >= RedisDatabases)
        {
            throw new InvalidOperationException($"More than {RedisDatabases - 1} test classes ask for stores: raise {nameof(RedisDatabases)}.");
        }

        var name = "orders_" + number.ToString(CultureInfo.InvariantCulture);
        var server = new NpgsqlConnectionStringBuilder(engines.Addresses.Postgres);
        await using (var source = NpgsqlDataSource.Create(server.ConnectionString))
        {
            await using var create = source.CreateCommand($"CREATE DATABASE {name}");
            await create.ExecuteNonQueryAsync();
        }

        return new()
        {
            Table = name,
            Postgres = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString,
            Redis = engines.Addresses.Redis is { } redis ? $"{redis},defaultDatabase={number}" : null,
            DynamoDb = engines.Addresses.DynamoDb,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated)
        {
            return;
        }

        var (data, engines) = await _started.Value;
        NpgsqlConnection.ClearAllPools();
        await engines.DisposeAsync();
        data.Dispose();
    }

    private async Task<(DataFolder Data, EngineSet Engines)> StartAsync()
    {
        var data = await DataFolder.OpenTemporaryAsync(CancellationToken.None);
        try
        {
            var options = new EngineOptions { Durable = false, RedisDatabases = RedisDatabases };
            return (data, await EngineSet.StartAsync(data, options, new Recorder(_steps)));
        }
        catch (EngineException failure)
        {
            data.Dispose();
            throw new InvalidOperationException($"{failure.Message}\n{failure.Details}\n{string.Join('\n', _steps)}", failure);
        }
    }

    private sealed class Recorder(ConcurrentQueue<string> steps) : IProgress<EngineStep>
    {
        public void Report(EngineStep value) => steps.Enqueue(value.ToString());
    }
}
