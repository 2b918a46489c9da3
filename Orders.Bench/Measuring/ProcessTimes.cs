using System.Globalization;

namespace Orders.Bench.Measuring;

/// <summary>
/// The processor times that the kernel reports for a process, in microseconds. Linux only.
/// </summary>
/// <param name="Parent">The id of its parent process.</param>
/// <param name="Own">The processor time of all its threads, counted in ticks of 10 ms.</param>
/// <param name="Ended">The processor time of its children that have exited.</param>
internal sealed record ProcessTimes(int Parent, double Own, double Ended)
{
    // USER_HZ: the unit that the kernel uses towards programs, whatever it uses internally.
    private const double TickMicroseconds = 1_000_000 / 100d;

    // The positions of fields in /proc/<pid>/stat, counted after the name, which may contain spaces but ends
    // with the last ')'.
    private const int ParentField = 1;
    private const int UserTicks = 11;
    private const int EndedChildrenTicks = 13;

    /// <returns>Null for a process that has exited.</returns>
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
    /// The processor time of a single-threaded process, exact where the kernel reports it so; 0 for a
    /// process that has exited.
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
