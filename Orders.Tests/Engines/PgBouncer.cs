using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using Orders.Engines.Processes;
using Orders.Engines.Redis;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

/// <summary>
/// PgBouncer in transaction mode before a database, as a process of its own. One transaction after the other
/// gets another session of Postgres.
/// </summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private const int Sessions = 6;

    private readonly Process _process;
    private readonly TempFolder _folder;

    private PgBouncer(Process process, TempFolder folder, string connectionString) => (_process, _folder, ConnectionString) = (process, folder, connectionString);

    /// <summary>For Npgsql: the database by way of the pooler.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts it, or skips the test where it cannot be had.</summary>
    /// <param name="postgres">An Npgsql connection string.</param>
    public static async Task<PgBouncer> StartAsync(string postgres)
    {
        var program = await FindAsync();
        Assert.SkipWhen(program is null, "no PgBouncer on this machine");
        var to = new NpgsqlConnectionStringBuilder(postgres);
        var folder = new TempFolder();
        var port = Ports.Free();
        await File.WriteAllTextAsync(folder.In("pgbouncer.ini"), string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            {to.Database} = host={to.Host} port={to.Port} dbname={to.Database} user={to.Username} password={to.Password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = {Sessions}
            server_round_robin = 1
            """));
        // It refuses to run as root.
        var process = await Launcher.StartAsync(Launcher.Prepare(program!, [folder.In("pgbouncer.ini")], folder.Path, SystemUser.ForPostgres(), "TERM"));
        var said = new StringBuilder();
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var pooler = new PgBouncer(process, folder, new NpgsqlConnectionStringBuilder(postgres) { Port = port, MaxPoolSize = 20 }.ConnectionString);
        await Eventually.HoldsAsync(() => process.HasExited ? throw new InvalidOperationException($"PgBouncer has ended:\n{said}") : pooler.AnswersAsync());
        await pooler.OpenSessionsAsync(postgres);
        return pooler;

        void Note(string? line)
        {
            lock (said)
            {
                said.AppendLine(line);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            ProcessSignals.Send(_process.Id, Native.Interrupt);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static async Task<string?> FindAsync()
    {
        var path = $"{Environment.GetEnvironmentVariable("PATH")}{Path.PathSeparator}/usr/sbin";
        return Executables.FindNative("pgbouncer", path)
            ?? (await AptGet.InstallAsync("pgbouncer", path, new Steps(), CancellationToken.None) ? Executables.FindNative("pgbouncer", path) : null);
    }

    // It makes a session when all that it has are in a transaction: so these are under way at the same time.
    private async Task OpenSessionsAsync(string postgres)
    {
        await using var pooled = NpgsqlDataSource.Create(ConnectionString);
        var connections = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(async _ =>
        {
            var connection = await pooled.OpenConnectionAsync();
            await using var begin = new NpgsqlCommand("BEGIN; SELECT 1", connection);
            await begin.ExecuteNonQueryAsync();
            return connection;
        }));
        foreach (var connection in connections)
        {
            await using var end = new NpgsqlCommand("COMMIT", connection);
            await end.ExecuteNonQueryAsync();
            await connection.DisposeAsync();
        }

        await using var direct = NpgsqlDataSource.Create(postgres);
        await using var count = direct.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'");
        ((long)(await count.ExecuteScalarAsync())!).ShouldBeGreaterThanOrEqualTo(Sessions);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
