using Npgsql;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Dynamo;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;

namespace Orders.Tests.Chaos;

/// <summary>Engines of their own for tests that kill them.</summary>
internal sealed class ChaosEngines : IAsyncDisposable
{
    private readonly DataFolder _data;

    private ChaosEngines(DataFolder data, RestartableEngine dynamo, RestartableEngine postgres, RestartableEngine? redis, EngineAddresses addresses) =>
        (_data, Dynamo, Postgres, Redis, Addresses) = (data, dynamo, postgres, redis, addresses);

    public RestartableEngine Dynamo { get; }

    public RestartableEngine Postgres { get; }

    public RestartableEngine? Redis { get; }

    public EngineAddresses Addresses { get; }

    public static async Task<ChaosEngines> StartAsync()
    {
        var data = await DataFolder.OpenTemporaryAsync(CancellationToken.None);
        var finder = new EngineFinder(new EngineOptions(), new Progress<EngineStep>());
        var (dynamoPort, postgresPort, redisPort) = (Ports.Free(), Ports.Free(), Ports.Free());

        var dynoxide = await finder.DynoxideAsync(CancellationToken.None);
        var dynamoFolder = Folder(data, "dynoxide");
        var dynamo = new RestartableEngine(() => new()
        {
            Name = "dynoxide",
            Program = dynoxide.Program,
            Arguments = ["serve", "--host", "127.0.0.1", "--port", $"{dynamoPort}", "--db-path", Path.Combine(dynamoFolder, "orders.db")],
            Folder = dynamoFolder,
        }, dynamoPort, data);

        var server = await finder.PostgresAsync(CancellationToken.None);
        var user = SystemUser.ForPostgres();
        var cluster = new PostgresCluster(PostgresFolder.Make(data, server.Major, user), server, user);
        await cluster.CreateAsync(CancellationToken.None);

        // Durable: a server that is killed must have what it said it committed.
        var postgres = new RestartableEngine(() => cluster.Server(postgresPort, durable: true), postgresPort, data);

        var found = await finder.RedisAsync(CancellationToken.None);
        var redisFolder = Folder(data, "redis");
        var redis = found is null ? null : new RestartableEngine(() => new()
        {
            Name = "Redis",
            Program = found.Program,
            Arguments = ["--bind", "127.0.0.1", "--port", $"{redisPort}", "--save", "", "--appendonly", "no", "--dir", redisFolder],
            Folder = redisFolder,
        }, redisPort, data);

        await Task.WhenAll(dynamo.StartAsync(), postgres.StartAsync(), redis?.StartAsync() ?? Task.CompletedTask);
        StreamIndexes.Add(Path.Combine(dynamoFolder, "orders.db"));
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = postgresPort,
            Username = PostgresCluster.Superuser,
            Password = cluster.Password,
            Database = "postgres",
        };
        return new(data, dynamo, postgres, redis, new(connection.ConnectionString, redis is null ? null : $"127.0.0.1:{redisPort}", $"http://127.0.0.1:{dynamoPort}"));
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Task.WhenAll(Dynamo.DisposeAsync().AsTask(), Postgres.DisposeAsync().AsTask(), Redis?.DisposeAsync().AsTask() ?? Task.CompletedTask);
        _data.Dispose();
    }

    private static string Folder(DataFolder data, string name) => Directory.CreateDirectory(data.In(name)).FullName;
}
