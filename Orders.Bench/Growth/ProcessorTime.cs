using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Orders.Bench.Measuring;
using Orders.Bench.Stores;
using StackExchange.Redis;

namespace Orders.Bench.Growth;

/// <summary>
/// The processor time of work in this process, in the database's sessions and in Redis, which other load on
/// the machine hardly affects. Work of Postgres for all databases, checkpoints and vacuums, is not counted.
/// Without /proc, it is the elapsed time.
/// </summary>
internal static class ProcessorTime
{
    private const string SessionsSql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'";

    /// <param name="database">The database whose sessions count. A session that closes during the work is
    /// not counted.</param>
    /// <param name="cache">The Redis server that counts; null for none.</param>
    /// <param name="work">The measured work.</param>
    /// <param name="cancellationToken">Stops it.</param>
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

    // Redis has several threads, and reports their time in microseconds.
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
