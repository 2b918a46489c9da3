using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Postgres;

/// <summary>
/// The places under /var/lib/orders-local for data that cannot be in its data folder. A data folder and its
/// place name each other: <c>postgres.location</c> in the folder, <c>of</c> in the place. Only when both
/// agree, and both are root's, is the place used, or removed with its folder.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static partial class PostgresPlaces
{
    private const string Parent = "/var/lib/orders-local";
    private const string Location = "postgres.location";
    private const string Owner = "of";
    private const uint Root = 0;

    // Nobody may list it.
    private const UnixFileMode MayEnter = Folders.OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The place of a data folder, which one user more may enter; null if it has none.</summary>
    /// <exception cref="EngineException">The folder names a place that is not its own.</exception>
    public static string? Of(DataFolder data, SystemUser user)
    {
        if (FileFacts.Of(data.In(Location)) is null)
        {
            return null;
        }

        var named = OwnFile.Read(data.In(Location));
        if (named is not null && IsName(named) && FileFacts.Of(named) is null)
        {
            // It was removed by hand: begin anew.
            return null;
        }

        if (Agreed(data) is { } place)
        {
            // An earlier version let everybody list them.
            File.SetUnixFileMode(Parent, MayEnter);
            Folders.OpenTo(place, user);
            return place;
        }

        throw new EngineException(
            $"'{data.In(Location)}' names '{named}' for the database, and that place is not of this folder{(OwnerOf(named) is { } other ? $" but of '{other}'" : "")}",
            $"If the folder was moved, write its new path into '{Owner}' in that place; else remove '{data.In(Location)}', and Orders.Sync fills a new database from the table.");
    }

    /// <summary>Makes a place for a data folder, which one user more may enter.</summary>
    public static string Make(DataFolder data, SystemUser user)
    {
        Directory.CreateDirectory(Parent, MayEnter);
        FolderTrust.CheckData(Parent, "--data");
        File.SetUnixFileMode(Parent, MayEnter);
        ClearAbandoned();
        // A new name each time. If the name came from the path, a data folder that was deleted for a fresh
        // start would find its old rows again.
        var place = Path.Combine(Parent, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture));
        Folders.CreatePrivate(place);
        OwnFile.Write(Path.Combine(place, Owner), data.Path);
        Folders.OpenTo(place, user);
        OwnFile.Write(data.In(Location), place);
        return place;
    }

    /// <summary>Removes the place of a data folder, if it has one.</summary>
    public static void Remove(DataFolder data)
    {
        if (Agreed(data) is { } place)
        {
            Folders.Remove(place);
        }
    }

    private static string? Agreed(DataFolder data) =>
        OwnFile.Read(data.In(Location)) is { } place && OwnerOf(place) is { } of && FolderTrust.IsSame(of, data.Path) ? place : null;

    private static string? OwnerOf(string? place) =>
        place is not null && IsName(place) && IsOfRoot(Parent) && IsOfRoot(place) ? OwnFile.Read(Path.Combine(place, Owner)) : null;

    private static bool IsOfRoot(string path) =>
        FileFacts.Of(path) is { Kind: FileFacts.Kinds.Folder, Uid: Root } facts && (facts.Mode & OwnFile.WritableByOthers) == UnixFileMode.None;

    // Not ".." for example.
    private static bool IsName(string place) => Path.GetDirectoryName(place) == Parent && Name().IsMatch(Path.GetFileName(place));

    // A place is abandoned if its data folder provably is gone or names another one. A folder above it that
    // is missing proves nothing: it may be on a disk that is not mounted now.
    private static void ClearAbandoned()
    {
        foreach (var place in Directory.EnumerateDirectories(Parent))
        {
            if (OwnerOf(place) is { } of && Path.GetDirectoryName(of) is { } above && Directory.Exists(above) && FolderTrust.IsShared(of)
                && (FileFacts.Of(of) is null || (IsOfRoot(of) && OwnFile.Read(Path.Combine(of, Location)) != place && IsReadable(Path.Combine(of, Location)))))
            {
                Folders.Remove(place);
            }
        }
    }

    // A file that is there and cannot be read proves nothing.
    private static bool IsReadable(string location) => FileFacts.Of(location) is null || OwnFile.Read(location) is not null;

    [GeneratedRegex("^[0-9a-f]{32}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
