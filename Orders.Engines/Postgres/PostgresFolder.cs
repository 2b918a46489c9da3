using System.Globalization;
using System.Runtime.Versioning;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Postgres;

/// <summary>
/// Finds the folder for Postgres' data. When root drops its privileges, the user of Postgres must be able to
/// enter every parent folder; it cannot below /root, or in a folder that somebody else created without
/// access for others. Then the data is stored under /var/lib/orders-local, and <c>postgres.location</c> in
/// the data folder names the place.
/// </summary>
internal static class PostgresFolder
{
    private const string Elsewhere = "/var/lib/orders-local";
    private const string Prefix = "postgres-";
    private const string Location = "postgres.location";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// The folder for data of this major version, created if missing, and owned by the user.
    /// </summary>
    /// <exception cref="EngineException">There is only data of another version, which this one cannot
    /// read.</exception>
    public static string Make(DataFolder data, int major, SystemUser? user)
    {
        var parent = user is null || OperatingSystem.IsWindows() ? data.Path : Choose(data);
        var folder = Path.Combine(parent, Prefix + major.ToString(CultureInfo.InvariantCulture));
        RefuseOther(parent, folder, major);
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, OwnerOnly);
        }

        if (user is not null)
        {
            Give(folder, user);
        }

        return folder;
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

    // Including its contents, which another user may have created: an earlier start may not have been by
    // root.
    private static void Give(string folder, SystemUser user)
    {
        Native.Give(folder, user);
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            Native.Give(entry, user);
        }
    }

    /// <summary>Removes the data outside the data folder, if there is any.</summary>
    public static void Remove(DataFolder data)
    {
        if (Recorded(data) is { } elsewhere)
        {
            Folders.Remove(elsewhere);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static string Choose(DataFolder data)
    {
        if (Recorded(data) is { } recorded)
        {
            return recorded;
        }

        if (data.IsMadeHere)
        {
            Folders.OpenToAll(data.Path);
        }

        if (Folders.IsOpenToAll(data.Path))
        {
            return data.Path;
        }

        // An empty database in another place would look like lost orders.
        if (Directory.EnumerateDirectories(data.Path, Prefix + "*").Any())
        {
            throw new EngineException($"The database is in '{data.Path}', and Postgres' user may not enter that folder, or one above it",
                "Let everybody enter them again (chmod o+x), or choose another folder with --data.");
        }

        ClearAbandoned();
        // A new name each time. If the name came from the path, a data folder that was deleted for a fresh
        // start would find its old rows again.
        var place = Path.Combine(Elsewhere, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(place);
        Folders.OpenToAll(Elsewhere);
        Folders.OpenToAll(place);
        File.WriteAllText(Path.Combine(place, "of"), data.Path);
        File.WriteAllText(data.In(Location), place);
        return place;
    }

    private static string? Recorded(DataFolder data)
    {
        var file = data.In(Location);
        if (!File.Exists(file))
        {
            return null;
        }

        var place = File.ReadAllText(file);
        return Path.GetDirectoryName(place) == Elsewhere && Directory.Exists(place) ? place : null;
    }

    private static void ClearAbandoned()
    {
        if (!Directory.Exists(Elsewhere))
        {
            return;
        }

        foreach (var place in Directory.EnumerateDirectories(Elsewhere))
        {
            var of = Path.Combine(place, "of");
            if (File.Exists(of) && Path.Combine(File.ReadAllText(of), Location) is var pointer && (!File.Exists(pointer) || File.ReadAllText(pointer) != place))
            {
                Folders.Remove(place);
            }
        }
    }
}
