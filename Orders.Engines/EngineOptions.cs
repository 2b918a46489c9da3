using Orders.Engines.Npm;

namespace Orders.Engines;

/// <summary>How the engines are found and started.</summary>
internal sealed record EngineOptions
{
    /// <summary>Off for data that is thrown away: nothing waits for the disk.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>How many numbered databases Redis has. Tests take one for each class.</summary>
    public int RedisDatabases { get; init; } = 16;

    /// <summary>The folders that are searched for installed engines and tools, as in PATH.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>
    /// Where Debian keeps Postgres' programs, a folder for each major version: they are not on the PATH.
    /// </summary>
    public string DebianPostgresFolder { get; init; } = "/usr/lib/postgresql";

    /// <summary>Where npm packages are kept, for all projects of this user.</summary>
    public string CacheFolder { get; init; } = Platform.DefaultCacheFolder();

    /// <summary>
    /// Whether a missing Redis may be installed with apt-get (only ever tried as root, on Debian and
    /// Ubuntu).
    /// </summary>
    public bool MayInstallWithApt { get; init; } = true;
}
