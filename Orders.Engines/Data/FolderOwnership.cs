namespace Orders.Engines.Data;

/// <summary>
/// Checks whether a folder may be used for the data, and remembers what this start created there.
/// </summary>
internal sealed class FolderOwnership
{
    /// <summary>The file that holds the lock. It is written first, and never removed.</summary>
    public const string LockFile = "lock";

    /// <summary>The file that names the process with the lock.</summary>
    public const string PidFile = "pid";

    private const int Shown = 3;

    // The files that a start writes before it stores any data.
    private static readonly string[] Bookkeeping = [LockFile, PidFile, "running", "processes.json", "endpoints.json", Path.Combine("redis", "redis.conf")];

    private readonly string _path;
    private readonly string? _firstMade;

    private FolderOwnership(string path, string? firstMade) => (_path, _firstMade) = (path, firstMade);

    /// <summary>Whether this start created the folder, and may choose its file mode.</summary>
    public bool IsMadeHere => _firstMade is not null;

    /// <summary>
    /// Creates the folder with its parents, or checks an existing one: it must be empty, or a data folder of
    /// ours. No other user may own or write it, or be able to put another one in its place.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="setting">The setting that names it.</param>
    /// <exception cref="EngineException">It holds other things, is not writable, or is not safe from
    /// others.</exception>
    public static FolderOwnership Take(string path, string setting)
    {
        var firstMade = default(string);
        for (var above = path; above is not null && !Path.Exists(above); above = Path.GetDirectoryName(above))
        {
            firstMade = above;
        }

        FolderTrust.CheckData(path, setting);
        if (firstMade is null && Directory.Exists(path))
        {
            RefuseForeign(path, setting);
        }

        Folders.CreatePrivate(path, setting);
        // Once more: where others may write beside it, one of them may have been faster.
        FolderTrust.CheckData(path, setting);
        return new(path, firstMade);
    }

    /// <summary>
    /// Removes what this start created, if no data was stored there: a refused start leaves nothing behind.
    /// </summary>
    public void RemoveIfUnused()
    {
        if (_firstMade is null || !Directory.Exists(_path)
            || Directory.EnumerateFiles(_path, "*", SearchOption.AllDirectories).Any(file => !Bookkeeping.Contains(Path.GetRelativePath(_path, file), StringComparer.Ordinal)))
        {
            return;
        }

        Folders.Remove(_path);
        for (var made = _path; made != _firstMade && Path.GetDirectoryName(made) is { } above && !Directory.EnumerateFileSystemEntries(above).Any(); made = above)
        {
            Folders.Remove(above);
        }
    }

    private static void RefuseForeign(string path, string setting)
    {
        try
        {
            var entries = Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal).ToList();
            if (entries.Exists(entry => !Bookkeeping.Contains(entry, StringComparer.Ordinal)) && !(entries.Contains(LockFile) && entries.Contains(PidFile)))
            {
                var more = entries.Count > Shown ? $" and {entries.Count - Shown} more" : "";
                throw new EngineException($"'{path}' is not empty and no data folder of Orders: it holds {string.Join(", ", entries.Take(Shown))}{more}",
                    $"Name a new or an empty folder with {setting}.");
            }
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw Folders.Explain(failure, path, setting);
        }
    }
}
