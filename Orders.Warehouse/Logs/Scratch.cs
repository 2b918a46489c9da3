using System.Diagnostics;
using System.Globalization;
using Orders.ServiceDefaults.Hosting;

namespace Orders.Warehouse.Logs;

/// <summary>
/// The folder of this process in the system's temporary folder. What killed processes left there is removed
/// when it is used first.
/// </summary>
internal static class Scratch
{
    private const string Prefix = "orders-warehouse-";

    private static readonly Lazy<string> Own = new(Make);

    /// <summary>A path in it that is not used yet.</summary>
    /// <param name="extension">With its dot; empty for none.</param>
    public static string NewPath(string extension) => Path.Combine(Own.Value, $"{Guid.CreateVersion7():N}{extension}");

    private static string Make()
    {
        foreach (var left in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            // Anybody may make a folder of this name. In a container every process has the same number: a
            // folder of ours is one that was left, too.
            if (OwnPath.IsOwn(left) && new DirectoryInfo(left).LinkTarget is null
                && int.TryParse(Path.GetFileName(left)[Prefix.Length..].Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && (pid == Environment.ProcessId || !IsRunning(pid)))
            {
                Remove(left);
            }
        }

        // A name that cannot be foretold, for this user only.
        return Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-").FullName;
    }

    private static bool IsRunning(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
        {
            // Another process is at it.
        }
    }
}
