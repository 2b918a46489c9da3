using System.Globalization;
using System.Security.Cryptography;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Postgres;

/// <summary>The files of a Postgres server, made by initdb, and their password.</summary>
internal sealed class PostgresCluster(string folder, FoundEngine found, SystemUser? user)
{
    public const string Superuser = "orders";
    private const long Megabyte = 1024 * 1024;
    private const long LeastBuffers = 128;
    private const long MostBuffers = 1024;
    private const int Slots = 64;
    private const int SlotWalMegabytes = 1024;
    private static readonly TimeSpan LeftoverPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeftoverPause = TimeSpan.FromMilliseconds(50);

    private readonly string _data = Path.Combine(folder, "data");
    private readonly string _passwordFile = Path.Combine(folder, "password");

    /// <summary>Where its programs come from, and the user that they run as, in a few words.</summary>
    public string Source => user is null ? found.Source : $"{found.Source}, as user {user.Name}";

    public bool Exists => Directory.Exists(_data);

    /// <exception cref="EngineException">Its file is missing, or is not of Postgres' user.</exception>
    public string Password => OwnFile.Read(_passwordFile, user)
        ?? throw new EngineException($"'{_passwordFile}' with the database's password is missing, or belongs to another user", $"Remove '{folder}': Orders.Sync fills a new database from the table.");

    /// <summary>Finds or installs Postgres, and creates its files if they are missing.</summary>
    /// <param name="finder">Finds it.</param>
    /// <param name="data">Holds its files.</param>
    /// <param name="progress">Receives each step.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <exception cref="EngineException">Postgres is not available, initdb fails, or the folder has only
    /// files of another version.</exception>
    public static async Task<PostgresCluster> PrepareAsync(EngineFinder finder, DataFolder data, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        var found = await finder.PostgresAsync(cancellationToken);
        var user = SystemUser.ForPostgres();
        if (user is not null && !OperatingSystem.IsWindows() && !Folders.IsOpenTo(Path.GetDirectoryName(found.Program)!, user))
        {
            throw new EngineException($"Postgres runs as {user.Name} here, who may not enter the folder of '{found.Program}'",
                "Set ORDERS_CACHE to a folder that every user may enter, such as /var/cache/orders-local.");
        }

        var cluster = new PostgresCluster(PostgresFolder.Make(data, found.Major, user), found, user);
        await cluster.AwaitLeftoverAsync(cancellationToken);
        if (!cluster.Exists)
        {
            var creating = new Step(progress, PostgresEngine.Name, "initdb");
            await cluster.CreateAsync(cancellationToken);
            creating.Done();
        }

        return cluster;
    }

    /// <summary>
    /// Runs initdb in a temporary folder and moves the result into place: an interrupted initdb leaves
    /// nothing that looks complete.
    /// </summary>
    /// <exception cref="EngineException">initdb fails.</exception>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        var unfinished = _data + ".new";
        Folders.Remove(unfinished);
        OwnFile.Write(_passwordFile, RandomNumberGenerator.GetHexString(32, lowercase: true), user);

        var initdb = Path.Combine(Path.GetDirectoryName(found.Program)!, OperatingSystem.IsWindows() ? "initdb.exe" : "initdb");
        var run = await ShortProcess.RunAsync(initdb,
            [
                "--pgdata", unfinished, "--username", Superuser, "--pwfile", _passwordFile, "--auth", "scram-sha-256",
                "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions",
            ], folder, cancellationToken, user, Environment);
        if (run.ExitCode != 0)
        {
            throw run.Output.Contains("No space left", StringComparison.Ordinal)
                ? Folders.NoSpace(folder, "--data")
                : new EngineException($"initdb failed in '{folder}'", $"See whether '{initdb}' runs on its own.", run.Output);
        }

        Directory.Move(unfinished, _data);
    }

    /// <summary>Describes how to start the server on these files.</summary>
    /// <param name="port">Its TCP port, on loopback.</param>
    /// <param name="durable">Whether a commit waits for the disk.</param>
    public EngineStart Server(int port, bool durable)
    {
        RemoveStalePidFile();
        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={port}", "unix_socket_directories=", "max_connections=200", "timezone=UTC", "log_timezone=UTC",
            // The warehouse reads tables by logical replication. An inactive slot keeps so much WAL
            // and no more: then it is invalid, and the warehouse makes another one. Postgres refuses to
            // start with fewer slots than are in its files.
            "wal_level=logical", $"max_replication_slots={Slots}", $"max_wal_senders={Slots}", $"max_slot_wal_keep_size={SlotWalMegabytes}MB",
            // All statements here are short: to compile one costs more than to run it.
            "jit=off",
            .. durable ? DurableSettings() : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
        ];
        return new()
        {
            Name = PostgresEngine.Name,
            Program = found.Program,
            Source = $"{PostgresEngine.Name} ({Source})",
            Arguments = ["-D", _data, .. settings.SelectMany(setting => new[] { "-c", setting })],
            Folder = folder,
            Mark = _data,
            IfDamaged = $"If its files are damaged, move '{folder}' out of its parent folder: Orders.Sync fills a new database from the table.",
            User = user,
            // The "fast" shutdown ends the sessions, whereas SIGTERM waits for them.
            StopSignal = Native.Interrupt,
            Environment = Environment,
        };
    }

    // Postgres' defaults are for little memory; the larger sizes set here are used only as data comes. With
    // a checkpoint at every gigabyte, full pages would be logged again and again while orders stream in. The
    // WAL is written out before a commit waits for it.
    private static string[] DurableSettings()
    {
        var buffers = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Megabyte / 8, LeastBuffers, MostBuffers);
        return [$"shared_buffers={buffers}MB", "max_wal_size=2GB", "wal_writer_delay=10ms"];
    }

    private static Dictionary<string, string> Environment => new(StringComparer.Ordinal) { ["LC_ALL"] = Launcher.Locale };

    // After a power failure the file may contain a process id that another process has now, and Postgres
    // would refuse to start. This process holds the folder's lock and has stopped leftover engines. So the
    // file is stale unless that process is the server of these files.
    private void RemoveStalePidFile()
    {
        if (PidInFile() is { } pid && !IsServer(pid))
        {
            File.Delete(PidFile);
        }
    }

    // The server of a killed run ends by itself, and may still be writing its last checkpoint.
    private async Task AwaitLeftoverAsync(CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; PidInFile() is { } pid && IsServer(pid) && waited < LeftoverPatience; waited += LeftoverPause)
        {
            await Task.Delay(LeftoverPause, cancellationToken);
        }
    }

    private string PidFile => Path.Combine(_data, "postmaster.pid");

    private int? PidInFile()
    {
        try
        {
            return int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private bool IsServer(int pid) => ProcessIdentity.Runs(pid, "postgres", _data);
}
