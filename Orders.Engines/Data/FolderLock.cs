using System.Globalization;
using Orders.Engines.Processes;

namespace Orders.Engines.Data;

/// <summary>
/// Locks a folder for one process. The system releases the lock when the process ends in any way.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly IDisposable _held;

    private FolderLock(IDisposable held) => _held = held;

    /// <summary>
    /// Locks the folder, and writes this process's id and name into it for other processes.
    /// </summary>
    /// <param name="folder">The folder, which exists and belongs to this user.</param>
    /// <param name="owner">If another process has the lock: its name and id as far as they can be read, for
    /// example <c>AppHost (process 4711)</c>.</param>
    /// <returns>Null if another process has the lock.</returns>
    /// <exception cref="IOException">The lock cannot be taken: its file is a link, or a foreign
    /// one.</exception>
    public static FolderLock? TryTake(string folder, out string owner)
    {
        owner = "";
        var pid = Path.Combine(folder, FolderOwnership.PidFile);
        if (Open(Path.Combine(folder, FolderOwnership.LockFile)) is { } held)
        {
            OwnFile.Write(pid, $"{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}\n{AppDomain.CurrentDomain.FriendlyName}\n");
            return new(held);
        }

        owner = OwnFile.Read(pid)?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) switch
        {
            [var id, var name, ..] => $"{name} (process {id})",
            [var id] => $"process {id}",
            _ => "Another process",
        };
        return null;
    }

    public void Dispose() => _held.Dispose();

    // The file itself is never removed: a lock on a removed file would not exclude anybody.
    private static IDisposable? Open(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            return OpenOnWindows(file);
        }

        if (FileFacts.Of(file) is { Kind: not FileFacts.Kinds.File })
        {
            throw new IOException($"'{file}' is no file");
        }

        var held = Native.OpenToLock(file);
        if (FileFacts.Of(held).Uid != Native.UserId)
        {
            held.Dispose();
            throw new IOException($"'{file}' belongs to another user");
        }

        if (Native.TryLock(held))
        {
            return held;
        }

        held.Dispose();
        return null;
    }

    private static FileStream? OpenOnWindows(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
    }
}
