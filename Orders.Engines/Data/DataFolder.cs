using System.Globalization;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;

namespace Orders.Engines.Data;

/// <summary>The data folder of one set of engines, locked by this process.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string TemporaryName = "orders-local-";
    private const string Running = "running";
    private readonly FolderLock _lock;
    private readonly FolderOwnership? _ownership;

    private DataFolder(string path, FolderLock held, FolderOwnership? ownership, bool followsKill)
    {
        (Path, _lock, _ownership, FollowsKill) = (path, held, ownership, followsKill);
        Processes = new(path);
    }

    public string Path { get; }

    /// <summary>Whether it is removed when it is disposed.</summary>
    public bool IsTemporary => _ownership is null;

    /// <summary>
    /// Whether this start created the folder. The file mode of an existing folder is not changed.
    /// </summary>
    public bool IsMadeHere => _ownership is not { IsMadeHere: false };

    /// <summary>Whether the previous run was killed: its processes may still be ending.</summary>
    public bool FollowsKill { get; }

    /// <summary>The processes that work in it.</summary>
    public ProcessRecord Processes { get; }

    public string LogFile(string engine) => In("logs", engine.ToLowerInvariant() + ".log");

    public string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>
    /// Opens and locks a folder that is kept, and stops processes that a killed run left running in it.
    /// </summary>
    /// <exception cref="EngineException">It is not writable, holds other things, or is locked by another
    /// process.</exception>
    public static async Task<DataFolder> OpenAsync(string path, CancellationToken cancellationToken)
    {
        path = System.IO.Path.GetFullPath(path);
        var ownership = FolderOwnership.Take(path, "--data");
        try
        {
            var held = FolderLock.TryTake(path, out var owner) ?? throw new EngineException(
                $"{owner} already runs on '{path}'", "Stop it, or choose another folder with --data.");
            // This file exists during a run, and only a graceful shutdown removes it.
            var running = System.IO.Path.Combine(path, Running);
            var folder = new DataFolder(path, held, ownership, followsKill: File.Exists(running));
            OwnFile.Write(running, "");
            await folder.Processes.StopLeftoversAsync(cancellationToken);
            Folders.CloseToOthers(path);
            Folders.CreatePrivate(folder.In("logs"));
            return folder;
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw Folders.Explain(failure, path, "--data");
        }
    }

    /// <summary>
    /// Creates a temporary folder that is removed at the end, and removes those of killed runs of this user.
    /// </summary>
    /// <exception cref="EngineException">The system's temporary folder is not writable, or not safe from
    /// others.</exception>
    public static async Task<DataFolder> OpenTemporaryAsync(CancellationToken cancellationToken)
    {
        var parent = System.IO.Path.GetTempPath();
        FolderTrust.CheckShared(parent, "TMPDIR");
        var foundKilled = await SweepAsync(parent, cancellationToken);
        var unique = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture);
        var path = System.IO.Path.Combine(parent, $"{TemporaryName}{Environment.ProcessId}-{unique}");
        Folders.CreatePrivate(path, "TMPDIR");
        if (!FolderTrust.IsPrivate(path))
        {
            throw new EngineException($"'{path}' was made by somebody else at the same moment", "Start again.");
        }

        var folder = new DataFolder(path, FolderLock.TryTake(path, out _)!, ownership: null, foundKilled);
        Folders.CreatePrivate(folder.In("logs"));
        return folder;
    }

    /// <summary>
    /// Forgets the engines, which must have stopped, and unlocks the folder. A folder that this run created
    /// and did not use is removed.
    /// </summary>
    public void Dispose()
    {
        File.Delete(In("processes.json"));
        File.Delete(In(Running));
        if (IsTemporary)
        {
            PostgresFolder.Remove(this);
            Folders.Remove(Path);
        }

        _ownership?.RemoveIfUnused();
        _lock.Dispose();
    }

    // True if there was one.
    private static async Task<bool> SweepAsync(string parent, CancellationToken cancellationToken)
    {
        var found = false;
        foreach (var path in Directory.EnumerateDirectories(parent, TemporaryName + "*"))
        {
            // The name contains the owner's process id. So a folder is not taken from an owner that has
            // created it but not locked it yet.
            var owner = System.IO.Path.GetFileName(path)[TemporaryName.Length..].Split('-')[0];
            // Anybody may make a folder of this name here. What another user made, or may write, says
            // nothing.
            if (!FolderTrust.IsPrivate(path) || !int.TryParse(owner, CultureInfo.InvariantCulture, out var pid) || (pid != Environment.ProcessId && ProcessIdentity.Of(pid, "") is not null))
            {
                continue;
            }

            try
            {
                if (FolderLock.TryTake(path, out _) is not { } held)
                {
                    continue;
                }

                found = true;
                using var left = new DataFolder(path, held, ownership: null, followsKill: true);
                await left.Processes.StopLeftoversAsync(cancellationToken);
            }
            catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
            {
                // It cannot be locked or removed; the next start tries again.
            }
        }

        return found;
    }
}
