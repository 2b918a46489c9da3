using System.Globalization;

namespace Orders.AppHost.Tests.Running;

/// <summary>
/// Finds processes by a variable of their environment, which child processes inherit, or by their working
/// directory. The directory is for programs such as Redis, which writes its title over its arguments and so
/// overwrites its environment.
/// </summary>
internal static class MarkedProcesses
{
    /// <summary>The running processes that match, from <c>/proc</c>.</summary>
    /// <param name="variable"><c>NAME=value</c>.</param>
    /// <param name="directory">The working directory, or one of its parents.</param>
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
                // It has exited meanwhile, or belongs to another user.
            }
        }

        return found;
    }
}
