namespace Orders.Warehouse.Store;

/// <summary>What a folder's failures mean for an operator.</summary>
internal static class FolderFaults
{
    /// <summary>Whether an exception is a failure of the file system.</summary>
    public static bool IsOne(Exception failure) => failure is IOException or UnauthorizedAccessException;

    /// <summary>Explains one.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="setting">The setting that names it.</param>
    public static LakeException Explain(Exception failure, string folder, string setting)
    {
        if (FileInPlaceOf(folder) is { } file)
        {
            return new($"{setting} names the folder '{folder}', but '{file}' is a file. Let it name a folder, or move the file away.", isSetup: true, failure);
        }

        var reason = failure.Message.TrimEnd('.');
        return failure switch
        {
            _ when IsFull(failure) => new($"The disk of the folder '{folder}' is full. Free space there, or let {setting} name a folder on another disk.", isSetup: true, failure, isFull: true),
            UnauthorizedAccessException => new($"This user may not write to the folder '{folder}' ({reason}). Give it the right, or let {setting} name another folder.", isSetup: true, failure),
            _ when IsReadOnly(failure) => new($"The folder '{folder}' is on a disk that can only be read ({reason}). Let {setting} name another folder.", isSetup: true, failure),
            PathTooLongException => new($"A path in the folder '{folder}' is too long ({reason}). Let {setting} name a folder with a shorter path.", isSetup: true, failure),
            _ => new($"The folder '{folder}' cannot be used ({reason}). See what is wrong with it, or let {setting} name another one.", isSetup: false, failure),
        };
    }

    /// <summary>Whether a write failed because there is no space: the disk, a quota, or the largest file
    /// that this process may write.</summary>
    private static bool IsFull(Exception failure)
    {
        const int Space = 28;
        const int FileSize = 27;
        const int LinuxQuota = 122;
        const int MacQuota = 69;
        const int WindowsDisk = unchecked((int)0x80070070);
        const int WindowsHandle = unchecked((int)0x80070027);
        return OperatingSystem.IsWindows()
            ? failure.HResult is WindowsDisk or WindowsHandle
            : failure.HResult is Space or FileSize || failure.HResult == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota);
    }

    private static bool IsReadOnly(Exception failure)
    {
        const int Unix = 30;
        const int Windows = unchecked((int)0x80070013);
        return failure.HResult == (OperatingSystem.IsWindows() ? Windows : Unix);
    }

    private static string? FileInPlaceOf(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(at))
            {
                return at;
            }
        }

        return null;
    }
}
