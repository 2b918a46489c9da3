namespace Orders.Bench.Measuring;

/// <summary>
/// The processor time that this process and the engines have used, in microseconds. Unlike the elapsed time,
/// it is not affected by other load on the machine. Linux only.
/// </summary>
/// <param name="Own">This process.</param>
/// <param name="Postgres">The server with all its processes, including those that have exited.</param>
/// <param name="Redis">The server.</param>
internal sealed record ProcessorUse(double Own, double Postgres, double Redis)
{
    /// <summary>The sum.</summary>
    public double Total => Own + Postgres + Redis;

    /// <summary>Reads it; null where the system does not report it.</summary>
    /// <param name="postmaster">The id of Postgres' first process.</param>
    /// <param name="redis">The id of Redis' process.</param>
    public static ProcessorUse? Read(int postmaster, int redis) => !OperatingSystem.IsLinux() ? null : new(
        Environment.CpuUsage.TotalTime.TotalMicroseconds,
        ServerProcesses(postmaster).Sum(process => process.Own) + (ProcessTimes.Read(postmaster)?.Ended ?? 0),
        ProcessTimes.Read(redis)?.Own ?? 0);

    /// <summary>The processor time since an earlier reading, per change.</summary>
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
