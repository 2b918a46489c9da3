using Npgsql;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Postgres;

/// <summary>A Postgres server of our own, reached by TCP on loopback and by password only.</summary>
internal sealed class PostgresEngine : IAsyncDisposable
{
    public const string Name = "Postgres";

    /// <summary>The database that the services use.</summary>
    public const string Database = "orders";

    // Long, because a server that was killed replays its log first.
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private PostgresEngine(EngineProcess process, string connectionString) => (Process, ConnectionString) = (process, connectionString);

    public EngineProcess Process { get; }

    /// <summary>For Npgsql; the database exists.</summary>
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

    /// <summary>Creates the database where it is missing.</summary>
    /// <param name="connectionString">For Npgsql; whatever database it names, the server's own is connected
    /// to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when the server does not take connections yet.</returns>
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
