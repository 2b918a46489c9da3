using System.Globalization;

namespace Orders.Engines.Data;

/// <summary>
/// Holds a folder for one process. The system lets go of it when the process ends, however it ends.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _held;

    private FolderLock(FileStream held) => _held = held;

    /// <summary>Takes the folder, and leaves this process's id and name in it for others to read.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="owner">When another process holds it: that process as far as it can be read, for example
    /// <c>AppHost (process 4711)</c>.</param>
    /// <returns>Null when another process holds it.</returns>
    public static FolderLock? TryTake(string folder, out string owner)
    {
        owner = "";
        var file = Path.Combine(folder, FolderOwnership.PidFile);
        try
        {
            // FileShare.None is flock() on Unix. The file itself is never removed: a lock on a removed file
            // would keep nobody out.
            var held = new FileStream(Path.Combine(folder, FolderOwnership.LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllLines(file, [Environment.ProcessId.ToString(CultureInfo.InvariantCulture), AppDomain.CurrentDomain.FriendlyName]);
            return new(held);
        }
        catch (IOException) when (File.Exists(file))
        {
            owner = File.ReadAllLines(file) switch
            {
                [var pid, var name, ..] => $"{name} (process {pid})",
                [var pid] => $"process {pid}",
                _ => "Another process",
            };
            return null;
        }
    }

    public void Dispose() => _held.Dispose();
}
