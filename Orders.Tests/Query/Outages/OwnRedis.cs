using System.Diagnostics;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain.Cache;
using Orders.Engines.Processes;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>A Redis of a test's own, to be killed.</summary>
internal sealed class OwnRedis : IAsyncDisposable
{
    private readonly string _program;
    private readonly string[] _arguments;
    private readonly int _port;
    private Process? _process;

    private OwnRedis(string program, string[] arguments, int port) => (_program, _arguments, _port) = (program, arguments, port);

    public string Configuration => $"127.0.0.1:{_port},allowAdmin=true";

    /// <param name="arguments">The server's, beside those of a server that keeps nothing.</param>
    public static async Task<OwnRedis> StartAsync(params string[] arguments)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var program = Executables.FindNative("redis-server", path) ?? Executables.FindNative("valkey-server", path);
        Assert.SkipWhen(program is null, "no Redis on this machine");
        var redis = new OwnRedis(program!, arguments, Ports.Free());
        await redis.RunAsync();
        return redis;
    }

    /// <summary>Starts it, empty, at the port that it had.</summary>
    public async Task RunAsync()
    {
        _process = Process.Start(new ProcessStartInfo(_program, ["--bind", "127.0.0.1", "--port", $"{_port}", "--save", "", "--appendonly", "no", .. _arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        _process.BeginOutputReadLine();
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                using var connection = await ConnectionMultiplexer.ConnectAsync($"{Configuration},connectTimeout=500");
                return connection.IsConnected;
            }
            catch (RedisConnectionException)
            {
                return false;
            }
        });
    }

    /// <summary>Does what Orders.Sync does when it has emptied a server that has started.</summary>
    public async Task<CacheIdentity> BelongsToAsync(NpgsqlDataSource readModel)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
        return await connection.GetDatabase().BelongsToAsync(readModel);
    }

    public async Task FlushAsync()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
        await connection.GetServer(connection.GetEndPoints()[0]).FlushAllDatabasesAsync();
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }
    }
}
