using System.Globalization;
using System.Runtime.Versioning;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Postgres;

/// <summary>
/// Finds the folder for Postgres' data. When root drops its privileges, the user of Postgres must be able to
/// enter every parent folder; it cannot below /root, or in a folder that somebody else created without
/// access for others. Then the data is in one of <see cref="PostgresPlaces"/>.
/// </summary>
internal static class PostgresFolder
{
    private const string Prefix = "postgres-";

    /// <summary>
    /// The folder for data of this major version, created if missing, and owned by the user.
    /// </summary>
    /// <exception cref="EngineException">There is only data of another version, which this one cannot
    /// read; or the data folder names a place that is not its own.</exception>
    public static string Make(DataFolder data, int major, SystemUser? user)
    {
        var parent = user is null || OperatingSystem.IsWindows() ? data.Path : Choose(data, user);
        var folder = Path.Combine(parent, Prefix + major.ToString(CultureInfo.InvariantCulture));
        RefuseOther(parent, folder, major);
        Folders.CreatePrivate(folder);
        if (!OperatingSystem.IsWindows())
        {
            if (user is not null)
            {
                Give(folder, user);
            }

            File.SetUnixFileMode(folder, Folders.OwnerOnly);
        }

        return folder;
    }

    /// <summary>Removes the data outside the data folder, if there is any.</summary>
    public static void Remove(DataFolder data)
    {
        if (!OperatingSystem.IsWindows())
        {
            PostgresPlaces.Remove(data);
        }
    }

    // An empty database next to a full one of another version would look like lost orders.
    private static void RefuseOther(string parent, string folder, int major)
    {
        if (!Directory.Exists(folder) && Directory.EnumerateDirectories(parent, Prefix + "*").FirstOrDefault(other => Directory.Exists(Path.Combine(other, "data"))) is { } other)
        {
            throw new EngineException($"'{other}' is of Postgres {Path.GetFileName(other)[Prefix.Length..]}, and Postgres {major} runs here, which cannot read it",
                "Remove that folder, and Orders.Sync fills the new database from the table; or choose another folder with --data.");
        }
    }

    // With its contents, if it has been another user's: an earlier start may not have been by root, or
    // before the system had a user for Postgres. Only what was that user's is given: a file of somebody else
    // in there may be a hard link to another place.
    [UnsupportedOSPlatform("windows")]
    private static void Give(string folder, SystemUser user)
    {
        if (FileFacts.Of(folder) is not { Kind: FileFacts.Kinds.Folder } before)
        {
            throw new EngineException($"'{folder}' is no folder", "Remove it, or choose another folder with --data.");
        }

        if (before.Uid == user.Uid)
        {
            return;
        }

        // From here on, the user of before cannot change it.
        Native.GiveTo(folder, Native.UserId, before.Gid);
        File.SetUnixFileMode(folder, Folders.OwnerOnly);
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            if (FileFacts.Of(entry) is { } facts && facts.Uid == before.Uid)
            {
                Native.Give(entry, user);
            }
        }

        Native.Give(folder, user);
    }

    [UnsupportedOSPlatform("windows")]
    private static string Choose(DataFolder data, SystemUser user)
    {
        if (PostgresPlaces.Of(data, user) is { } place)
        {
            return place;
        }

        // A folder of an earlier version let everybody enter.
        if (data.IsMadeHere || File.GetUnixFileMode(data.Path).HasFlag(UnixFileMode.OtherExecute))
        {
            Folders.OpenTo(data.Path, user);
        }

        if (Folders.IsOpenTo(data.Path, user))
        {
            return data.Path;
        }

        // An empty database in another place would look like lost orders.
        if (Directory.EnumerateDirectories(data.Path, Prefix + "*").Any())
        {
            throw new EngineException($"The database is in '{data.Path}', and Postgres' user may not enter that folder, or one above it",
                "Let everybody enter them again (chmod o+x), or choose another folder with --data.");
        }

        return PostgresPlaces.Make(data, user);
    }
}
