using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orders.Engines.Npm;

/// <summary>The platform of this machine, as npm and the file system name it.</summary>
internal static class Platform
{
    /// <summary>
    /// npm's name of this machine: <c>linux-x64</c>, <c>darwin-arm64</c>, <c>win32-x64</c>.
    /// </summary>
    public static string Name { get; } = $"{OperatingSystemName()}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>
    /// True for root. An elevated Windows user does not count: Postgres drops its privileges there by
    /// itself.
    /// </summary>
    [UnsupportedOSPlatformGuard("windows")]
    public static bool IsRoot { get; } = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>
    /// <c>ORDERS_CACHE</c>, otherwise the user's cache folder. For root it is under /var/cache, because
    /// Postgres runs as another user, who may not enter root's home.
    /// </summary>
    public static string DefaultCacheFolder()
    {
        if (Environment.GetEnvironmentVariable("ORDERS_CACHE") is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        if (IsRoot && OperatingSystem.IsLinux())
        {
            return "/var/cache/orders-local";
        }

        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache)
        {
            return Path.Combine(cache, "orders-local");
        }

        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "orders-local");
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), ".cache", "orders-local");
    }

    /// <summary>
    /// Whether this system installs packages with apt-get: Debian, Ubuntu and their derivatives.
    /// </summary>
    public static bool IsDebian()
    {
        const string Release = "/etc/os-release";
        return OperatingSystem.IsLinux() && File.Exists(Release) && File.ReadLines(Release).Any(line =>
            (line.StartsWith("ID=", StringComparison.Ordinal) || line.StartsWith("ID_LIKE=", StringComparison.Ordinal))
            && (line.Contains("debian", StringComparison.Ordinal) || line.Contains("ubuntu", StringComparison.Ordinal)));
    }

    private static string OperatingSystemName() =>
        OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
}
