using System.Globalization;

namespace Orders.Engines.Data;

/// <summary>Holds a folder for one process. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _held;

    private FolderLock(FileStream held) => _held = held;

    /// <summary>Null when another process holds the folder; its id, if it can be read, is in <paramref name="owner"/>.</summary>
    public static FolderLock? TryTake(string folder, out int owner)
    {
        owner = 0;
        var name = Path.Combine(folder, "pid");
        try
        {
            // FileShare.None is flock() on Unix. The file itself is never removed: a lock on a removed file would keep nobody out.
            var held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(name, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(held);
        }
        catch (IOException) when (File.Exists(name))
        {
            _ = int.TryParse(File.ReadAllText(name), CultureInfo.InvariantCulture, out owner);
            return null;
        }
    }

    public void Dispose() => _held.Dispose();
}
