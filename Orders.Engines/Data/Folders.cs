using System.Runtime.Versioning;

namespace Orders.Engines.Data;

/// <summary>Operations on folders, with failures explained in one line.</summary>
internal static class Folders
{
    /// <param name="path">The folder to create, with its parents.</param>
    /// <param name="setting">The setting that changes its location.</param>
    /// <exception cref="EngineException">It is not writable.</exception>
    public static void Create(string path, string setting)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw Explain(failure, path, setting);
        }
    }

    /// <summary>Explains an I/O failure under <paramref name="path"/> to the user.</summary>
    public static EngineException Explain(Exception failure, string path, string setting) =>
        IsNoSpace(failure) ? NoSpace(path, setting)
            : new($"Cannot write in '{path}': {failure.Message.TrimEnd('.')}", $"Choose another folder with {setting}.", inner: failure);

    public static EngineException NoSpace(string path, string setting) =>
        new($"No space is left for '{path}'", $"Free some, or choose another folder with {setting}.");

    /// <summary>Removes a folder if it exists; what cannot be removed stays.</summary>
    public static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            // A process that is just ending may still write there. The next start tries again.
        }
    }

    /// <summary>Lets every user enter the folder, but not list it.</summary>
    [UnsupportedOSPlatform("windows")]
    public static void OpenToAll(string path) =>
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    /// <summary>Whether every user may enter the folder and all its parents.</summary>
    public static bool IsOpenToAll(string path)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(path)); folder is not null; folder = folder.Parent)
        {
            if (folder.Exists && (folder.UnixFileMode & UnixFileMode.OtherExecute) == UnixFileMode.None)
            {
                return false;
            }
        }

        return true;
    }

    // ENOSPC and EDQUOT on Unix; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    private static bool IsNoSpace(Exception failure) => failure.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027);
}
