namespace Orders.Bench.Measuring;

/// <summary>
/// Processor time that this process and the engines have used, in microseconds: what a busy machine does to
/// the clock it does not do to these. Linux alone.
/// </summary>
/// <param name="Own">This process.</param>
/// <param name="Postgres">The server with all of its processes, those that have ended too.</param>
/// <param name="Redis">The server.</param>
internal sealed record ProcessorUse(double Own, double Postgres, double Redis)
{
    /// <summary>All of it.</summary>
    public double Total => Own + Postgres + Redis;

    /// <summary>Reads it; null where the system does not tell.</summary>
    /// <param name="postmaster">Postgres' first process.</param>
    /// <param name="redis">Redis' process.</param>
    public static ProcessorUse? Read(int postmaster, int redis) => !OperatingSystem.IsLinux() ? null : new(
        Environment.CpuUsage.TotalTime.TotalMicroseconds,
        ServerProcesses(postmaster).Sum(process => process.Own) + (ProcessTimes.Read(postmaster)?.Ended ?? 0),
        ProcessTimes.Read(redis)?.Own ?? 0);

    /// <summary>What was used since an earlier look, for each of so many changes.</summary>
    public ProcessorUse Since(ProcessorUse before, int changes) =>
        new((Own - before.Own) / changes, (Postgres - before.Postgres) / changes, (Redis - before.Redis) / changes);

    private static IEnumerable<ProcessTimes> ServerProcesses(int postmaster)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && ProcessTimes.Read(pid) is { } process && (pid == postmaster || process.Parent == postmaster))
            {
                yield return process;
            }
        }
    }
}
