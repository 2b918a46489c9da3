using System.Globalization;
using Npgsql;
using Orders.Bench.Measuring;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Local.Cli;
using Orders.Sync.Migrations;
using StackExchange.Redis;

namespace Orders.Bench.Stores;

/// <summary>
/// The engines of a run, found and set up like those of Orders.Local, with the same durability, in a folder
/// that is removed at the end.
/// </summary>
internal sealed class BenchEngines : IAsyncDisposable
{
    private const string Template = "bench_template";
    private const int RedisDatabases = 64;

    private readonly DataFolder _data;
    private readonly EngineSet _engines;
    private readonly string _server;
    private int _databases;
    private (int Postmaster, int Redis)? _processes;

    private BenchEngines(DataFolder data, EngineSet engines)
    {
        (_data, _engines) = (data, engines);
        _server = new NpgsqlConnectionStringBuilder(engines.Addresses.Postgres) { Database = "postgres", Pooling = false }.ConnectionString;
    }

    public EngineAddresses Addresses => _engines.Addresses;

    /// <summary>The address of Redis.</summary>
    /// <exception cref="EngineException">There is no Redis: then there is nothing to compare.</exception>
    public string Redis => Addresses.Redis
        ?? throw new EngineException("The benches compare reads from Redis, and there is none", "Install redis-server or valkey-server.");

    /// <summary>
    /// Starts them, and creates the read model's tables once, as a template for each measurement.
    /// </summary>
    /// <exception cref="EngineException">One is not available.</exception>
    public static async Task<BenchEngines> StartAsync(Screen screen, CancellationToken cancellationToken)
    {
        TemporaryFolder.Check();
        var data = await DataFolder.OpenTemporaryAsync(cancellationToken);
        BenchEngines engines;
        try
        {
            engines = new BenchEngines(data, await EngineSet.StartAsync(data, new() { RedisDatabases = RedisDatabases }, screen, cancellationToken));
        }
        catch
        {
            data.Dispose();
            throw;
        }

        try
        {
            await engines.MakeTemplateAsync(cancellationToken);
            return engines;
        }
        catch
        {
            await engines.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new database with the read model's empty tables.</summary>
    public Task<BenchDatabase> CreateDatabaseAsync(CancellationToken cancellationToken) => CreateDatabaseAsync(Template, cancellationToken);

    /// <summary>A copy of a database. No client may be connected to the original.</summary>
    public Task<BenchDatabase> CopyAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        database.Source.Clear();
        return CreateDatabaseAsync(database.Name, cancellationToken);
    }

    public Task DropAsync(string name) => ExecuteAsync(_server, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", CancellationToken.None);

    /// <summary>
    /// Writes data of earlier measurements to disk, so that no measurement pays for another.
    /// </summary>
    public Task CheckpointAsync(CancellationToken cancellationToken) => ExecuteAsync(_server, "CHECKPOINT", cancellationToken);

    /// <summary>
    /// The processor time that this process and the engines have used so far; null where the system does not
    /// report it.
    /// </summary>
    public async Task<ProcessorUse?> ReadProcessorUseAsync(CancellationToken cancellationToken)
    {
        _processes ??= (await FindPostmasterAsync(cancellationToken), await FindRedisAsync());
        return ProcessorUse.Read(_processes.Value.Postmaster, _processes.Value.Redis);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _engines.DisposeAsync();
        _data.Dispose();
    }

    private async Task<BenchDatabase> CreateDatabaseAsync(string template, CancellationToken cancellationToken)
    {
        var name = $"bench_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(_server, $"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy", cancellationToken);
        return new BenchDatabase(this, name, With(name));
    }

    private async Task MakeTemplateAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(_server, $"CREATE DATABASE {Template}", cancellationToken);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(With(Template)) { Pooling = false }.ConnectionString);
        await ReadModelMigrations.ApplyAsync(source, cancellationToken);
    }

    private async Task<int> FindPostmasterAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync(cancellationToken);
        return ProcessTimes.Read(connection.ProcessID)!.Parent;
    }

    private async Task<int> FindRedisAsync()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync($"{Redis},allowAdmin=true");
        var server = await connection.GetServers()[0].InfoAsync("server");
        return int.Parse(server.SelectMany(section => section).First(entry => entry.Key == "process_id").Value, CultureInfo.InvariantCulture);
    }

    private string With(string database) => new NpgsqlConnectionStringBuilder(Addresses.Postgres) { Database = database }.ConnectionString;

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
