using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using Orders.Engines.Processes;
using Orders.Engines.Redis;
using Xunit;

namespace Orders.Tests.Engines;

/// <summary>PgBouncer in transaction mode before a database, as a process of its own. One transaction after the other gets another session of Postgres.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
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
            default_pool_size = 6
            min_pool_size = 6
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
        return pooler;

        void Note(string? line)
        {
            lock (said)
                said.AppendLine(line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            ProcessSignals.Send(_process.Id, Native.Interrupt);
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
