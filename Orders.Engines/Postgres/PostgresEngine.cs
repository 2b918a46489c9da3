using Npgsql;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Postgres;

/// <summary>A local Postgres server of our own, with TCP on loopback and a password.</summary>
internal sealed class PostgresEngine : IAsyncDisposable
{
    public const string Name = "Postgres";

    /// <summary>The database that the services use.</summary>
    public const string Database = "orders";

    // Long, because a server that was killed first replays its WAL.
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private PostgresEngine(EngineProcess process, string connectionString) => (Process, ConnectionString) = (process, connectionString);

    public EngineProcess Process { get; }

    /// <summary>A connection string for Npgsql; the database exists.</summary>
    public string ConnectionString { get; }

    public static async Task<PostgresEngine> StartAsync(
        EngineFinder finder, DataFolder data, EngineOptions options, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        var cluster = await PostgresCluster.PrepareAsync(finder, data, progress, cancellationToken);
        var step = new Step(progress, Name, "start");
        var engine = await Ports.WithFreeAsync(port => StartAsync(cluster, port, data, options.Durable, cancellationToken));
        step.Done($"{cluster.Source}, 127.0.0.1:{new NpgsqlConnectionStringBuilder(engine.ConnectionString).Port}");
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
            await process.UntilAsync(token => EnsureDatabaseAsync(connection.ConnectionString, token), StartBound, cancellationToken);
            return new(process, connection.ConnectionString);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates the database if it is missing.</summary>
    /// <param name="connectionString">For Npgsql; it connects to the server's own database, whichever one
    /// the string names.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False if the server does not accept connections yet.</returns>
    public static async Task<bool> EnsureDatabaseAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false }.ConnectionString);
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
