using Npgsql;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Postgres;

/// <summary>A Postgres server of our own, reached by TCP on loopback and by password only.</summary>
internal sealed class PostgresEngine : IAsyncDisposable
{
    public const string Name = "Postgres";
    private const string Database = "orders";

    // Long, because a server that was killed replays its log first.
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private PostgresEngine(EngineProcess process, string connectionString) => (Process, ConnectionString) = (process, connectionString);

    public EngineProcess Process { get; }

    /// <summary>For Npgsql; the database exists.</summary>
    public string ConnectionString { get; }

    public static async Task<PostgresEngine> StartAsync(
        EngineFinder finder, DataFolder data, EngineOptions options, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        var found = await finder.PostgresAsync(cancellationToken);
        var user = SystemUser.ForPostgres();
        if (user is not null && !Folders.IsOpenToAll(Path.GetDirectoryName(found.Program)!))
        {
            throw new EngineException($"Postgres runs as {user.Name} here, who may not enter the folder of '{found.Program}'",
                "Set ORDERS_CACHE to a folder that every user may enter, such as /var/cache/orders-local.");
        }

        var cluster = new PostgresCluster(PostgresFolder.Make(data, found.Major, user), found, user);
        if (!cluster.Exists)
        {
            var creating = new Step(progress, Name, "initdb");
            await cluster.CreateAsync(cancellationToken);
            creating.Done();
        }

        var step = new Step(progress, Name, "start");
        var engine = await Ports.WithFreeAsync(port => StartAsync(cluster, port, data, options.Durable, cancellationToken));
        step.Done($"{found.Source}, 127.0.0.1:{new NpgsqlConnectionStringBuilder(engine.ConnectionString).Port}{(user is null ? "" : $", as user {user.Name}")}");
        return engine;
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static async Task<PostgresEngine> StartAsync(
        PostgresCluster cluster, int port, DataFolder data, bool durable, CancellationToken cancellationToken)
    {
        var process = await EngineProcess.StartAsync(cluster.Server(port, durable), data);
        try
        {
            var connection = new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = port,
                Username = PostgresCluster.Superuser,
                Password = cluster.Password,
                Database = Database,
            };
            var maintenance = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString;
            await process.UntilAsync(token => EnsureDatabaseAsync(maintenance, token), StartBound, cancellationToken);
            return new(process, connection.ConnectionString);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> EnsureDatabaseAsync(string maintenance, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(maintenance);
            await connection.OpenAsync(cancellationToken);
            await using var look = new NpgsqlCommand($"SELECT 1 FROM pg_database WHERE datname = '{Database}'", connection);
            if (await look.ExecuteScalarAsync(cancellationToken) is null)
            {
                await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
                await create.ExecuteNonQueryAsync(cancellationToken);
            }

            return true;
        }
        catch (PostgresException starting) when (starting.SqlState == PostgresErrorCodes.CannotConnectNow)
        {
            return false;
        }
        catch (NpgsqlException unreachable) when (unreachable is not PostgresException)
        {
            return false;
        }
    }
}
