using System.Runtime.Versioning;
using Orders.Engines.Npm;
using Orders.Engines.Processes;

namespace Orders.Engines.Data;

/// <summary>Operations on folders, with failures explained in one line.</summary>
internal static class Folders
{
    /// <summary>The mode of a folder that only its owner may use.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode ReadAndWrite = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

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

    /// <summary>Creates a folder, and missing parents, that only this user may use.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="setting">The setting that changes its location.</param>
    /// <exception cref="EngineException">It is not writable.</exception>
    public static void CreatePrivate(string path, string setting)
    {
        try
        {
            CreatePrivate(path);
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

    /// <summary>Creates a folder, and missing parents, that only this user may use.</summary>
    /// <returns>The folder.</returns>
    public static string CreatePrivate(string path) =>
        (OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, OwnerOnly)).FullName;

    /// <summary>
    /// Takes from others what a laxer start, or an earlier version, left them: to read or write a data
    /// folder, and to use what is in it. Postgres' own folders are closed already. To enter the folder is
    /// left to others where Postgres runs as another user.
    /// </summary>
    /// <param name="path">The data folder, which belongs to this user.</param>
    public static void CloseToOthers(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var mode = File.GetUnixFileMode(path);
        SetMode(path, mode, Platform.IsRoot ? mode & ~ReadAndWrite : OwnerOnly);
        foreach (var entry in Directory.EnumerateFileSystemEntries(path))
        {
            if (FileFacts.Of(entry) is { Kind: FileFacts.Kinds.Folder or FileFacts.Kinds.File } facts && facts.Uid == Native.UserId)
            {
                SetMode(entry, facts.Mode, facts.Kind == FileFacts.Kinds.Folder ? OwnerOnly : OwnFile.Mode);
            }
        }
    }

    /// <summary>Lets every user enter the folder, but not list it.</summary>
    [UnsupportedOSPlatform("windows")]
    public static void OpenToAll(string path) =>
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    /// <summary>Lets one more user enter the folder of this user, but not list it.</summary>
    [UnsupportedOSPlatform("windows")]
    public static void OpenTo(string path, SystemUser user)
    {
        Native.GiveTo(path, Native.UserId, user.Gid);
        File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.GroupExecute);
    }

    /// <summary>Whether a user may enter the folder and all its parents.</summary>
    public static bool IsOpenTo(string path, SystemUser user)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(path)); folder is not null; folder = folder.Parent)
        {
            if (folder.Exists && FileFacts.Of(folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName) is { } facts && !facts.Mode.HasFlag(Enter(facts)))
            {
                return false;
            }
        }

        return true;

        UnixFileMode Enter(FileFacts facts) =>
            facts.Uid == user.Uid ? UnixFileMode.UserExecute : facts.Gid == user.Gid ? UnixFileMode.GroupExecute : UnixFileMode.OtherExecute;
    }

    [UnsupportedOSPlatform("windows")]
    private static void SetMode(string path, UnixFileMode now, UnixFileMode wanted)
    {
        if (now != wanted)
        {
            File.SetUnixFileMode(path, wanted);
        }
    }

    // ENOSPC and EDQUOT on Unix; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    private static bool IsNoSpace(Exception failure) => failure.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027);
}
