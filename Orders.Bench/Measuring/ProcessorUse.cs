using System.Globalization;

namespace Orders.Bench.Measuring;

/// <summary>Processor time that this process and the engines have used, in microseconds: what a busy machine does to the clock it does not do to these. Linux alone.</summary>
/// <param name="Own">This process.</param>
/// <param name="Postgres">The server with all of its processes, those that have ended too.</param>
/// <param name="Redis">The server.</param>
internal sealed record ProcessorUse(double Own, double Postgres, double Redis)
{
    private const double TickMicroseconds = 1_000_000 / 100d;

    // Where /proc/<pid>/stat has them, counted behind the name, which may hold blanks.
    private const int Parent = 1;
    private const int UserTicks = 11;
    private const int EndedChildrenTicks = 13;

    /// <summary>All of it.</summary>
    public double Total => Own + Postgres + Redis;

    /// <summary>Reads it; null where the system does not tell.</summary>
    /// <param name="postmaster">Postgres' first process.</param>
    /// <param name="redis">Redis' process.</param>
    public static ProcessorUse? Read(int postmaster, int redis) => !OperatingSystem.IsLinux() ? null : new(
        Environment.CpuUsage.TotalTime.TotalMicroseconds,
        Processes().Where(process => process.Pid == postmaster || process.Parent == postmaster).Sum(process => process.Pid == postmaster ? process.Own + process.Ended : process.Own),
        Processes().Where(process => process.Pid == redis).Sum(process => process.Own));

    /// <summary>What was used since an earlier look, for each of so many changes.</summary>
    public ProcessorUse Since(ProcessorUse before, int changes) =>
        new((Own - before.Own) / changes, (Postgres - before.Postgres) / changes, (Redis - before.Redis) / changes);

    /// <summary>The process that started another.</summary>
    public static int ParentOf(int pid) => Processes().First(process => process.Pid == pid).Parent;

    private static IEnumerable<(int Pid, int Parent, double Own, double Ended)> Processes()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || Fields(folder) is not { } fields)
                continue;
            yield return (pid, int.Parse(fields[Parent], CultureInfo.InvariantCulture), Ticks(fields, UserTicks), Ticks(fields, EndedChildrenTicks));
        }
    }

    // A process may have ended since it was listed.
    private static string[]? Fields(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Ticks(string[] fields, int first) =>
        (double.Parse(fields[first], CultureInfo.InvariantCulture) + double.Parse(fields[first + 1], CultureInfo.InvariantCulture)) * TickMicroseconds;
}
