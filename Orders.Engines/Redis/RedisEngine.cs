using System.Net;
using System.Net.Sockets;
using System.Text;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Engines.Processes;

namespace Orders.Engines.Redis;

/// <summary>
/// Redis or Valkey, used as a cache: nothing is written to disk, and the system continues when it ends.
/// </summary>
internal sealed class RedisEngine : IAsyncDisposable
{
    public const string Name = "Redis";
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(10);

    // If it ends again and again, another restart does not help.
    private const int MostRestarts = 5;

    /// <summary>
    /// Redis converts a hash with a longer field into a hash table of separate strings. An order has three
    /// fields, one of them a body of 0.3 to 4 kB: in the compact form it takes 200 bytes less. Every Redis
    /// and Valkey accepts this name of the setting; since version 7 it is an alias of
    /// hash-max-listpack-value.
    /// </summary>
    private const int LongestPackedField = 8_192;

    /// <summary>The message when there is none.</summary>
    public static string Missing => $"none here: going on without it, Postgres answers the reads. To have it: {InstallLine()}";

    private readonly EngineStart _start;
    private readonly DataFolder _data;
    private readonly RedisAddress _address;
    private EngineProcess _process;

    private RedisEngine(EngineStart start, DataFolder data, RedisAddress address, EngineProcess process) =>
        (_start, _data, _address, _process) = (start, data, address, process);

    /// <summary>A configuration for StackExchange.Redis, with the password.</summary>
    public string Configuration => _address.Configuration;

    /// <summary>Null if no Redis is available.</summary>
    public static async Task<RedisEngine?> StartAsync(
        EngineFinder finder, DataFolder data, EngineOptions options, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        if (await finder.RedisAsync(cancellationToken) is not { } found)
        {
            progress.Report(new(Name, Missing, TimeSpan.Zero));
            return null;
        }

        var step = new Step(progress, Name, "start");
        var password = RedisPassword.Make(data);
        var engine = await Ports.WithFreeAsync(async port =>
        {
            var start = Describe(found, data, port, options.RedisDatabases);
            var address = new RedisAddress(port, password);
            return new RedisEngine(start, data, address, await StartAsync(start, data, address, cancellationToken));
        });
        step.Done($"{Path.GetFileName(found.Program)}, {engine._address.Endpoint}");
        return engine;
    }

    /// <summary>
    /// Restarts it on the same port when it ends, so that its clients reconnect by themselves.
    /// </summary>
    /// <param name="progress">Receives each restart.</param>
    /// <param name="cancellationToken">The graceful shutdown, during which it may end.</param>
    public async Task KeepRunningAsync(IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        for (var restarts = 0; restarts < MostRestarts; restarts++)
        {
            await _process.Exited.WaitAsync(cancellationToken);
            await _process.DisposeAsync();
            var step = new Step(progress, Name, "start");
            try
            {
                _process = await StartAsync(_start, _data, _address, cancellationToken);
                step.Done($"it had ended and was started again, {_address.Endpoint}");
            }
            catch (EngineException)
            {
                break;
            }
        }

        await _process.Exited.WaitAsync(cancellationToken);
        progress.Report(new(Name, "it has ended: going on without it, Postgres answers the reads", TimeSpan.Zero));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Describes how to start it.</summary>
    /// <param name="found">Its program.</param>
    /// <param name="data">Holds its folder, with the file of <see cref="RedisPassword"/>.</param>
    /// <param name="port">Its TCP port, on loopback.</param>
    /// <param name="databases">The number of its numbered databases.</param>
    public static EngineStart Describe(FoundEngine found, DataFolder data, int port, int databases) => new()
    {
        Name = Name,
        Program = found.Program,
        Source = $"{Path.GetFileName(found.Program)} ({found.Source})",
        Arguments =
        [
            RedisPassword.FileIn(data), "--bind", "127.0.0.1", "--port", $"{port}", "--protected-mode", "yes", "--databases", $"{databases}",
            "--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", data.In("redis"),
            "--hash-max-ziplist-value", $"{LongestPackedField}",
        ],
        Folder = Folders.CreatePrivate(data.In("redis")),
        // It replaces its command line by its name and address.
        Mark = "127.0.0.1",
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LC_ALL"] = Launcher.Locale },
    };

    private static async Task<EngineProcess> StartAsync(EngineStart start, DataFolder data, RedisAddress address, CancellationToken cancellationToken)
    {
        var process = await EngineProcess.StartAsync(start, data);
        try
        {
            await process.UntilAsync(token => AnswersAsync(address, token), StartBound, cancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    // Inline commands: a start needs no client library.
    private static async Task<bool> AnswersAsync(RedisAddress address, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, address.Port, cancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"AUTH {address.Password}\r\nPING\r\n"), cancellationToken);
            var expected = "+OK\r\n+PONG"u8.ToArray();
            var answer = new byte[expected.Length];
            await client.GetStream().ReadExactlyAsync(answer, cancellationToken);
            return answer.AsSpan().SequenceEqual(expected);
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            return false;
        }
    }

    private static string InstallLine() =>
        OperatingSystem.IsMacOS() ? "brew install redis"
        : OperatingSystem.IsWindows() ? "run this under WSL"
        : Platform.IsDebian() ? "sudo apt-get install redis-server"
        : "install redis or valkey with the system's package manager";
}
