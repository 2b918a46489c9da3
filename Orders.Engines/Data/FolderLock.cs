using System.Globalization;

namespace Orders.Engines.Data;

/// <summary>
/// Locks a folder for one process. The system releases the lock when the process ends in any way.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _held;

    private FolderLock(FileStream held) => _held = held;

    /// <summary>
    /// Locks the folder, and writes this process's id and name into it for other processes.
    /// </summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="owner">If another process has the lock: its name and id as far as they can be read, for
    /// example <c>AppHost (process 4711)</c>.</param>
    /// <returns>Null if another process has the lock.</returns>
    public static FolderLock? TryTake(string folder, out string owner)
    {
        owner = "";
        var file = Path.Combine(folder, FolderOwnership.PidFile);
        try
        {
            // FileShare.None is flock() on Unix. The file itself is never removed: a lock on a removed file
            // would not exclude anybody.
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
