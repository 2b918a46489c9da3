using System.Globalization;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;

namespace Orders.Engines.Data;

/// <summary>The folder where one set of engines keeps its data, held by this process.</summary>
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

    /// <summary>Whether it goes when it is disposed of.</summary>
    public bool IsTemporary => _ownership is null;

    /// <summary>
    /// Whether this start has made it. The mode of one that was there before is left alone.
    /// </summary>
    public bool IsMadeHere => _ownership is not { IsMadeHere: false };

    /// <summary>
    /// Whether the run before this one was killed, so that what it has left may still be ending.
    /// </summary>
    public bool FollowsKill { get; }

    /// <summary>Which processes work in it.</summary>
    public ProcessRecord Processes { get; }

    public string LogFile(string engine) => In("logs", engine.ToLowerInvariant() + ".log");

    public string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Takes a folder that is kept, and stops what a killed run left running in it.</summary>
    /// <exception cref="EngineException">It cannot be written, holds other things, or another process holds
    /// it.</exception>
    public static async Task<DataFolder> OpenAsync(string path, CancellationToken cancellationToken)
    {
        path = System.IO.Path.GetFullPath(path);
        var ownership = FolderOwnership.Take(path, "--data");
        try
        {
            var held = FolderLock.TryTake(path, out var owner) ?? throw new EngineException(
                $"{owner} already runs on '{path}'", "Stop it, or choose another folder with --data.");
            // It is there as long as a run goes on, and only an orderly end removes it.
            var running = System.IO.Path.Combine(path, Running);
            var folder = new DataFolder(path, held, ownership, followsKill: File.Exists(running));
            await File.WriteAllTextAsync(running, "", cancellationToken);
            await folder.Processes.StopLeftoversAsync(cancellationToken);
            Directory.CreateDirectory(folder.In("logs"));
            return folder;
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw Folders.Explain(failure, path, "--data");
        }
    }

    /// <summary>
    /// Takes a new folder that is removed at the end, and clears away those of runs that were killed.
    /// </summary>
    /// <exception cref="EngineException">The system's temporary folder cannot be written.</exception>
    public static async Task<DataFolder> OpenTemporaryAsync(CancellationToken cancellationToken)
    {
        var parent = System.IO.Path.GetTempPath();
        var foundKilled = await SweepAsync(parent, cancellationToken);
        var unique = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture);
        var path = System.IO.Path.Combine(parent, $"{TemporaryName}{Environment.ProcessId}-{unique}");
        Folders.Create(path, "TMPDIR");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var folder = new DataFolder(path, FolderLock.TryTake(path, out _)!, ownership: null, foundKilled);
        Directory.CreateDirectory(folder.In("logs"));
        return folder;
    }

    /// <summary>
    /// Forgets the engines, which must have been stopped, and lets go of the folder. One that this run has
    /// made and not used is removed.
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

    // True when there was one.
    private static async Task<bool> SweepAsync(string parent, CancellationToken cancellationToken)
    {
        var found = false;
        foreach (var path in Directory.EnumerateDirectories(parent, TemporaryName + "*"))
        {
            // The name tells the owner's id, so that a folder is not taken from an owner who has made it and
            // not locked it yet.
            var owner = System.IO.Path.GetFileName(path)[TemporaryName.Length..].Split('-')[0];
            if (!int.TryParse(owner, CultureInfo.InvariantCulture, out var pid) || (pid != Environment.ProcessId && ProcessIdentity.Of(pid, "") is not null))
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
                // Another user's.
            }
        }

        return found;
    }
}
