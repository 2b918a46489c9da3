using System.Globalization;

namespace Orders.Tests.Fuzz;

/// <summary>What a process and its children hold, from <c>/proc</c>.</summary>
/// <param name="Megabytes">Resident memory of all, in MiB.</param>
/// <param name="Files">Open files and sockets of all.</param>
/// <param name="Threads">Threads of all.</param>
internal sealed record Footprint(long Megabytes, int Files, int Threads)
{
    private const int KibibytesPerMebibyte = 1024;

    /// <summary>
    /// Of a process and all that descend from it. Engines are among them, so that what they hold counts too.
    /// </summary>
    public static Footprint Of(int process)
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder)).Where(name => char.IsAsciiDigit(name[0]))
            .Select(name => (Id: int.Parse(name, CultureInfo.InvariantCulture), Status: StatusOf(name))).Where(one => one.Status.Count > 0).ToList();
        var mine = new HashSet<int> { process };
        while (parents.FirstOrDefault(one => !mine.Contains(one.Id) && mine.Contains((int)one.Status["PPid"])) is { Id: > 0 } child)
        {
            mine.Add(child.Id);
        }

        var all = parents.Where(one => mine.Contains(one.Id)).ToList();
        return new(all.Sum(one => one.Status.GetValueOrDefault("VmRSS")) / KibibytesPerMebibyte, all.Sum(one => FilesOf(one.Id)), all.Sum(one => (int)one.Status["Threads"]));
    }

    public override string ToString() => $"{Megabytes} MiB, {Files} files, {Threads} threads";

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
