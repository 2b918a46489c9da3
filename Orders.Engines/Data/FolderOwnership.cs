namespace Orders.Engines.Data;

/// <summary>
/// Whether a folder that was named for the data is one for it, and what this start has made of it.
/// </summary>
internal sealed class FolderOwnership
{
    /// <summary>The file that holds the lock. It is written first, and never removed.</summary>
    public const string LockFile = "lock";

    /// <summary>The file that names the process which has the lock.</summary>
    public const string PidFile = "pid";

    private const int Shown = 3;

    // What a start writes before it stores anything.
    private static readonly string[] Bookkeeping = [LockFile, PidFile, "running", "processes.json", "endpoints.json"];

    private readonly string _path;
    private readonly string? _firstMade;

    private FolderOwnership(string path, string? firstMade) => (_path, _firstMade) = (path, firstMade);

    /// <summary>Whether this start has made the folder, so that its mode is ours to choose.</summary>
    public bool IsMadeHere => _firstMade is not null;

    /// <summary>
    /// Makes the folder with its parents, or looks at the one that is there: it must be empty, or ours.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="setting">What names it.</param>
    /// <exception cref="EngineException">It holds other things, or cannot be written.</exception>
    public static FolderOwnership Take(string path, string setting)
    {
        var firstMade = default(string);
        for (var above = path; above is not null && !Path.Exists(above); above = Path.GetDirectoryName(above))
        {
            firstMade = above;
        }

        if (firstMade is null && Directory.Exists(path))
        {
            RefuseForeign(path, setting);
        }

        Folders.Create(path, setting);
        return new(path, firstMade);
    }

    /// <summary>
    /// Removes what this start has made, when it has stored nothing there: a start that is refused leaves
    /// nothing behind.
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
