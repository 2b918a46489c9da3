using System.Globalization;
using Npgsql;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;
using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>A Postgres of a test's own, to be frozen (it takes connections and answers nothing), or with
/// other settings.</summary>
internal sealed class OwnPostgres : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    private readonly DataFolder _data;
    private readonly EngineProcess _process;
    private readonly Stack<int> _frozen = [];

    private OwnPostgres(DataFolder data, EngineProcess process, string connectionString) =>
        (_data, _process, ConnectionString) = (data, process, connectionString);

    public string ConnectionString { get; }

    /// <param name="settings">Settings of the server that differ from a local run's, as its command line has
    /// them.</param>
    public static async Task<OwnPostgres> StartAsync(params string[] settings)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the processes of a server are found in /proc");
        var data = await DataFolder.OpenTemporaryAsync(CancellationToken.None);
        var finder = new EngineFinder(new EngineOptions(), new Progress<EngineStep>());
        var cluster = await PostgresCluster.PrepareAsync(finder, data, new Progress<EngineStep>(), CancellationToken.None);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Ports.Free(),
            Username = PostgresCluster.Superuser,
            Password = cluster.Password,
            Database = PostgresEngine.Database,
        };
        var server = cluster.Server(connection.Port, durable: false);
        var process = await EngineProcess.StartAsync(server with { Arguments = [.. server.Arguments, .. settings.SelectMany(setting => new[] { "-c", setting })] }, data);
        await process.UntilAsync(token => PostgresEngine.EnsureDatabaseAsync(connection.ConnectionString, token), TimeSpan.FromSeconds(60), CancellationToken.None);
        return new(data, process, connection.ConnectionString);
    }

    /// <summary>SIGSTOP to the server and every session of it.</summary>
    public async Task FreezeAsync()
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        var session = (int)(await command.ExecuteScalarAsync())!;
        var server = Parent(session);
        // The server first, so that it makes no session meanwhile.
        foreach (var pid in Processes().Where(pid => Parent(pid) == server).Prepend(server))
        {
            Native.Signal(pid, Stop);
            _frozen.Push(pid);
        }
    }

    public void Thaw()
    {
        while (_frozen.TryPop(out var pid))
        {
            Native.Signal(pid, Continue);
        }
    }

    /// <summary>Stops the server.</summary>
    /// <returns>Whether it ended cleanly; false when it had to be killed.</returns>
    public async Task<bool> StopAsync()
    {
        await _process.DisposeAsync();
        return PostgresFiles.IsShutDown(_data.Path);
    }

    public async ValueTask DisposeAsync()
    {
        Thaw();
        NpgsqlConnection.ClearAllPools();
        await _process.DisposeAsync();
        _data.Dispose();
    }

    private static IEnumerable<int> Processes() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static int Parent(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal));
            return int.Parse(line["PPid:".Length..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }
}
