using System.Diagnostics;
using System.Globalization;

namespace Orders.Engines.Processes;

/// <summary>Distinguishes a process from a later one that got the same id.</summary>
/// <param name="Pid">The process id.</param>
/// <param name="StartTime">Its start time, in the system's own unit: clock ticks since boot on Linux, UTC
/// ticks elsewhere.</param>
/// <param name="Program">The file name of its program.</param>
/// <param name="Uid">The user that it runs as; null where the system does not tell.</param>
/// <param name="Mark">What its command line contains, such as its folder; may be empty.</param>
internal sealed record ProcessIdentity(int Pid, long StartTime, string Program, uint? Uid = null, string Mark = "")
{
    private const int CommLength = 15;
    private const int First = 1;
    private const string UidLine = "Uid:";

    /// <summary>
    /// The process with that id as it is now, recorded under the program that it is about to run; null if it
    /// has ended.
    /// </summary>
    /// <param name="pid">The process id.</param>
    /// <param name="program">The program.</param>
    /// <param name="user">The user that it is about to run as; null for the one that it has.</param>
    /// <param name="mark">What its command line will contain.</param>
    public static ProcessIdentity? Of(int pid, string program, SystemUser? user = null, string mark = "") =>
        Read(pid) is { } now ? new(pid, now.StartTime, Path.GetFileName(program), OperatingSystem.IsLinux() ? user?.Uid ?? ReadUser(pid) : null, mark) : null;

    /// <summary>
    /// Whether exactly this process still runs: same id, same start time, same program, and, as far as they
    /// are recorded, same user and arguments.
    /// </summary>
    public bool IsAlive() =>
        Read(Pid) is { } now && now.StartTime == StartTime && IsSameProgram(now.Program)
        && (Uid is null || !OperatingSystem.IsLinux() || ReadUser(Pid) == Uid)
        && (Mark.Length == 0 || ReadArguments(Pid) is not { } arguments || Array.Exists(arguments, argument => argument.Contains(Mark, StringComparison.Ordinal)));

    /// <summary>Whether it is this user's, where the system tells it.</summary>
    public bool IsOwn => !OperatingSystem.IsLinux() || Uid == Native.UserId;

    /// <summary>
    /// Whether it may be signalled because of this record: it is alive, and is one of those that this user
    /// starts. Its user must be recorded where the system tells it.
    /// </summary>
    public bool IsProven() =>
        Pid > First && Pid != Environment.ProcessId && IsAlive()
        && (!OperatingSystem.IsLinux() || (Uid is { } uid && (uid == Native.UserId || (Native.UserId == 0 && SystemUser.MayRunPostgres(uid)))));

    /// <summary>
    /// Whether the process with that id runs that program with that argument. Where arguments of other
    /// processes cannot be read, only the program is compared.
    /// </summary>
    public static bool Runs(int pid, string program, string argument) =>
        Read(pid) is { } now && Path.GetFileNameWithoutExtension(now.Program) == program && (ReadArguments(pid) is not { } arguments || arguments.Contains(argument, StringComparer.Ordinal));

    private static string[]? ReadArguments(int pid)
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText($"/proc/{pid}/cmdline").Split('\0') : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static uint? ReadUser(int pid)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(UidLine, StringComparison.Ordinal)) is { } line
                ? uint.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture)
                : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool IsSameProgram(string now) =>
        string.Equals(now, Program, StringComparison.Ordinal)
        || string.Equals(now, Program.Length > CommLength ? Program[..CommLength] : Program, StringComparison.Ordinal);

    private static (long StartTime, string Program)? Read(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return ParseStat(File.ReadAllText($"/proc/{pid}/stat"));
            }

            using var process = Process.GetProcessById(pid);
            return (process.StartTime.ToUniversalTime().Ticks, Path.GetFileName(process.MainModule?.FileName ?? process.ProcessName));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
                                         or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    // "pid (comm) state ppid …", see proc(5): comm may contain spaces and brackets, so fields are counted
    // from the last bracket. Not /proc/<pid>/exe: in a container, root may not be allowed to read that link
    // of another user's process.
    internal static (long StartTime, string Program)? ParseStat(string stat)
    {
        var open = stat.IndexOf('(', StringComparison.Ordinal);
        var close = stat.LastIndexOf(')');
        var fields = stat[(close + 2)..].Split(' ');
        const int State = 0, Started = 19;
        return fields[State] is "Z" or "X" ? null : (long.Parse(fields[Started], CultureInfo.InvariantCulture), stat[(open + 1)..close]);
    }
}
