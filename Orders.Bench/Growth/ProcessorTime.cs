using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Orders.Bench.Measuring;
using Orders.Bench.Stores;
using StackExchange.Redis;

namespace Orders.Bench.Growth;

/// <summary>
/// The processor time that work takes in this process, in the database's sessions and in Redis: what else
/// the machine does meanwhile counts little. Not counted is what Postgres does for all databases alike, its
/// checkpoints and vacuums. Where there is no /proc, it is the time on the clock.
/// </summary>
internal static class ProcessorTime
{
    private const string SessionsSql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'";

    /// <param name="database">Whose sessions count; those that are open at the end must have been open from
    /// their start on.</param>
    /// <param name="cache">Whose server counts; null for none.</param>
    /// <param name="work">What is measured.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TimeSpan> OfAsync(BenchDatabase database, IDatabase? cache, Func<Task> work, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            var began = Stopwatch.GetTimestamp();
            await work();
            return Stopwatch.GetElapsedTime(began);
        }

        var (sessions, redis, own) = (await SessionsAsync(database, cancellationToken), await RedisAsync(cache), Environment.CpuUsage.TotalTime);
        await work();
        own = Environment.CpuUsage.TotalTime - own;
        var inSessions = (await SessionsAsync(database, cancellationToken)).Sum(entry => entry.Value - sessions.GetValueOrDefault(entry.Key));
        return own + TimeSpan.FromMicroseconds(inSessions + await RedisAsync(cache) - redis);
    }

    private static async Task<Dictionary<int, double>> SessionsAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SessionsSql, await database.Source.OpenConnectionAsync(cancellationToken));
        await using var connection = command.Connection;
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var sessions = new Dictionary<int, double>();
        while (await rows.ReadAsync(cancellationToken))
        {
            sessions[rows.GetInt32(0)] = ProcessTimes.OfSingleThread(rows.GetInt32(0));
        }

        return sessions;
    }

    // Redis has several threads, and tells their time to the microsecond.
    private static async Task<double> RedisAsync(IDatabase? cache)
    {
        if (cache is null)
        {
            return 0;
        }

        var lines = ((string)await cache.ExecuteAsync("INFO", "cpu"))!.Split("\r\n");
        return (Line("used_cpu_sys:") + Line("used_cpu_user:")) * 1_000_000;

        double Line(string name) => double.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..], CultureInfo.InvariantCulture);
    }
}
