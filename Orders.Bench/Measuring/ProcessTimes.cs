using System.Globalization;

namespace Orders.Bench.Measuring;

/// <summary>What the kernel tells of a process' time, in microseconds. Linux alone.</summary>
/// <param name="Parent">The process that started it.</param>
/// <param name="Own">Its processor time, that of all its threads; counted in ticks of 10 ms.</param>
/// <param name="Ended">That of its children that have ended.</param>
internal sealed record ProcessTimes(int Parent, double Own, double Ended)
{
    // USER_HZ: what the kernel shows programs, whatever it counts in itself.
    private const double TickMicroseconds = 1_000_000 / 100d;

    // Where /proc/<pid>/stat has them, counted behind the name, which may hold blanks but ends with the last
    // ')'.
    private const int ParentField = 1;
    private const int UserTicks = 11;
    private const int EndedChildrenTicks = 13;

    /// <returns>Null for a process that has ended.</returns>
    public static ProcessTimes? Read(int pid)
    {
        if (Text(pid, "stat") is not { } stat)
        {
            return null;
        }

        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new((int)Number(fields[ParentField]), Ticks(fields, UserTicks), Ticks(fields, EndedChildrenTicks));
    }

    /// <summary>
    /// The processor time of a process with one thread, exact where the kernel tells it so; 0 for one that
    /// has ended.
    /// </summary>
    public static double OfSingleThread(int pid) =>
        Text(pid, "schedstat") is { } schedule ? Number(schedule.Split(' ')[0]) / 1000 : Read(pid)?.Own ?? 0;

    private static string? Text(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Ticks(string[] fields, int first) => (Number(fields[first]) + Number(fields[first + 1])) * TickMicroseconds;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
