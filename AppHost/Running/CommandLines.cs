using System.Diagnostics;
using System.Globalization;

namespace Orders.AppHost.Running;

/// <summary>The command lines of the processes of this machine.</summary>
internal static class CommandLines
{
    /// <summary>All command lines that can be read, each with its process id. None on Windows.</summary>
    public static IEnumerable<(int Pid, string Line)> All() =>
        OperatingSystem.IsLinux() ? OfLinux() : OperatingSystem.IsWindows() ? [] : OfUnix();

    private static IEnumerable<(int Pid, string Line)> OfLinux()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(folder, "cmdline")).TrimEnd('\0').Replace('\0', ' ');
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            yield return (pid, line);
        }
    }

    private static List<(int Pid, string Line)> OfUnix()
    {
        using var process = Process.Start(new ProcessStartInfo("ps", ["-axww", "-o", "pid=,command="]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. lines.Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2).Select(parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]))];
    }
}
