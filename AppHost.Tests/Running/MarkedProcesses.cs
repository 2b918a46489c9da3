using System.Globalization;

namespace Orders.AppHost.Tests.Running;

/// <summary>
/// Processes by a variable of their environment, which all that a process starts inherit, or by their
/// working directory: a program that writes its title into its arguments, as Redis does, overwrites its
/// environment there.
/// </summary>
internal static class MarkedProcesses
{
    /// <summary>Those that have it and still run, by <c>/proc</c>.</summary>
    /// <param name="variable"><c>NAME=value</c>.</param>
    /// <param name="directory">The working directory, or one above it.</param>
    public static IReadOnlyList<(int Id, string Program)> Find(string variable, string directory)
    {
        var found = new List<(int, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
            {
                continue;
            }

            try
            {
                if (File.ReadAllText(Path.Combine(folder, "environ")).Split('\0').Contains(variable, StringComparer.Ordinal)
                    || File.ResolveLinkTarget(Path.Combine(folder, "cwd"), returnFinalTarget: false)?.FullName.StartsWith(directory, StringComparison.Ordinal) == true)
                {
                    found.Add((id, File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ')));
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // Ended meanwhile, or another user's.
            }
        }

        return found;
    }
}
