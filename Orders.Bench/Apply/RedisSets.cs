using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Orders.Bench.Stores;
using Orders.Engines;
using Orders.Engines.Processes;
using StackExchange.Redis;

namespace Orders.Bench.Apply;

/// <summary>
/// The other upper limit: the rate of redis-benchmark, Redis' own tool, with pipelined SETs of the same
/// size.
/// </summary>
internal static class RedisSets
{
    private const string Program = "redis-benchmark";
    private const string User = "benchmark";
    private const int PasswordLength = 32;

    /// <returns>SETs a second; null if the tool is not installed.</returns>
    public static async Task<double?> MeasureAsync(BenchEngines engines, int sets, int bytes, CancellationToken cancellationToken)
    {
        if (Executables.Find(Program, new EngineOptions().SearchPath) is not { } program)
        {
            return null;
        }

        using var connection = await ConnectionMultiplexer.ConnectAsync($"{engines.Redis},allowAdmin=true");
        var server = connection.GetServers()[0];
        // Every user of the machine sees a command line. So the tool gets a user of its own, for as long as
        // it runs, who may do no more than it does.
        var password = RandomNumberGenerator.GetHexString(PasswordLength, lowercase: true);
        await server.ExecuteAsync("ACL", "SETUSER", User, "on", $">{password}", "~key:*", "+set", "+config|get");
        try
        {
            return await RunAsync(program, ((IPEndPoint)server.EndPoint).Port, password, sets, bytes, cancellationToken);
        }
        finally
        {
            await server.ExecuteAsync("ACL", "DELUSER", User);
        }
    }

    private static async Task<double?> RunAsync(string program, int port, string password, int sets, int bytes, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["-p", $"{port}", "--user", User, "-a", password, "-t", "set", "-P", "64", "-c", "1", "-d", $"{bytes}", "-r", $"{sets}", "-n", $"{sets}", "--csv"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var lines = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        // "SET","123456.78",…
        var set = lines.Split('\n').FirstOrDefault(line => line.StartsWith("\"SET\"", StringComparison.Ordinal));
        return set is null ? null : double.Parse(set.Split(',')[1].Trim('"'), CultureInfo.InvariantCulture);
    }
}
