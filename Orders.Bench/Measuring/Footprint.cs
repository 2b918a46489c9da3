using System.Globalization;

namespace Orders.Bench.Measuring;

/// <summary>What a process holds, or several of them, from <c>/proc</c>. Linux only.</summary>
/// <param name="Megabytes">Resident memory, in MiB.</param>
/// <param name="Files">Open files and sockets.</param>
/// <param name="Threads">Threads.</param>
internal sealed record Footprint(long Megabytes, int Files, int Threads)
{
    private const int KibibytesPerMebibyte = 1024;

    /// <summary>Of one process; null for one that has exited.</summary>
    public static Footprint? Of(int process) => StatusOf($"{process}") is { Count: > 0 } status ? new(Mebibytes(status), FilesOf(process), (int)status["Threads"]) : null;

    /// <summary>Of a process and all that descend from it.</summary>
    public static Footprint OfTree(int process)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder)).Where(name => char.IsAsciiDigit(name[0]))
            .Select(name => (Id: int.Parse(name, CultureInfo.InvariantCulture), Status: StatusOf(name))).Where(one => one.Status.Count > 0).ToList();
        var tree = new HashSet<int> { process };
        while (all.FirstOrDefault(one => !tree.Contains(one.Id) && tree.Contains((int)one.Status["PPid"])) is { Id: > 0 } child)
        {
            tree.Add(child.Id);
        }

        var own = all.Where(one => tree.Contains(one.Id)).ToList();
        return new(own.Sum(one => Mebibytes(one.Status)), own.Sum(one => FilesOf(one.Id)), own.Sum(one => (int)one.Status["Threads"]));
    }

    public override string ToString() => $"{Megabytes} MiB, {Files} files, {Threads} threads";

    private static long Mebibytes(Dictionary<string, long> status) => status.GetValueOrDefault("VmRSS") / KibibytesPerMebibyte;

    private static Dictionary<string, long> StatusOf(string process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").Select(line => line.Split(':', 2)).Where(parts => parts[0] is "PPid" or "VmRSS" or "Threads")
                .ToDictionary(parts => parts[0], parts => long.Parse(parts[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return [];
        }
    }

    private static int FilesOf(int process)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
