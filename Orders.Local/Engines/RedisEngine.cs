using System.Net;
using System.Net.Sockets;

namespace Orders.Local.Engines;

/// <summary>Redis or Valkey, as the cache that it is: nothing is written to disk.</summary>
internal sealed class RedisEngine : IAsyncDisposable
{
    public const string Name = "Redis";
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(10);

    private RedisEngine(EngineProcess process, string configuration) => (Process, Configuration) = (process, configuration);

    public EngineProcess Process { get; }

    /// <summary>For StackExchange.Redis.</summary>
    public string Configuration { get; }

    /// <summary>Null where there is no Redis to be had.</summary>
    public static async Task<RedisEngine?> StartAsync(
        EngineFinder finder, DataFolder data, EngineOptions options, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        if (await finder.RedisAsync(cancellationToken) is not { } found)
        {
            progress.Report(new(Name, $"not found: going on without, reads are answered by Postgres. To have it: {InstallLine()}", TimeSpan.Zero));
            return null;
        }

        var step = new Step(progress, Name, "start");
        var folder = data.In("redis");
        Directory.CreateDirectory(folder);
        var engine = await Ports.WithFreeAsync(port => StartAsync(found, folder, port, data, options.RedisDatabases, cancellationToken));
        step.Done($"{Path.GetFileName(found.Program)}, {engine.Configuration}");
        return engine;
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static async Task<RedisEngine> StartAsync(
        FoundEngine found, string folder, int port, DataFolder data, int databases, CancellationToken cancellationToken)
    {
        var process = await EngineProcess.StartAsync(new()
        {
            Name = Name,
            Program = found.Program,
            Arguments =
            [
                "--bind", "127.0.0.1", "--port", $"{port}", "--protected-mode", "yes", "--databases", $"{databases}",
                "--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", folder,
            ],
            Folder = folder,
        }, data);
        try
        {
            await process.UntilAsync(token => AnswersAsync(port, token), StartBound, cancellationToken);
            return new(process, $"127.0.0.1:{port}");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    // An inline PING, so that a start needs no client library.
    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[5];
            await client.GetStream().ReadExactlyAsync(answer, cancellationToken);
            return answer.AsSpan().SequenceEqual("+PONG"u8);
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
