using System.Diagnostics;
using System.Globalization;
using Orders.Bench.Stores;
using Orders.Engines;
using Orders.Engines.Processes;

namespace Orders.Bench.Apply;

/// <summary>
/// The other upper limit: the rate of redis-benchmark, Redis' own tool, with pipelined SETs of the same
/// size.
/// </summary>
internal static class RedisSets
{
    private const string Program = "redis-benchmark";

    /// <returns>SETs a second; null if the tool is not installed.</returns>
    public static async Task<double?> MeasureAsync(BenchEngines engines, int sets, int bytes, CancellationToken cancellationToken)
    {
        if (Executables.Find(Program, new EngineOptions().SearchPath) is not { } program)
        {
            return null;
        }

        var port = engines.Redis.Split(':')[1];
        var start = new ProcessStartInfo(program, ["-p", port, "-t", "set", "-P", "64", "-c", "1", "-d", $"{bytes}", "-r", $"{sets}", "-n", $"{sets}", "--csv"])
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
