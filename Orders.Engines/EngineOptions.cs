using Orders.Engines.Npm;

namespace Orders.Engines;

/// <summary>How the engines are found and started.</summary>
internal sealed record EngineOptions
{
    /// <summary>Whether commits wait for the disk. Off for data that is thrown away.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>The number of numbered databases in Redis. Tests use one for each class.</summary>
    public int RedisDatabases { get; init; } = 16;

    /// <summary>The folders to search for installed engines and tools, as in PATH.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>
    /// Debian's folder for Postgres' programs, with a folder for each major version: they are not on the
    /// PATH.
    /// </summary>
    public string DebianPostgresFolder { get; init; } = "/usr/lib/postgresql";

    /// <summary>The folder for npm packages, shared by all projects of this user.</summary>
    public string CacheFolder { get; init; } = Platform.DefaultCacheFolder();

    /// <summary>
    /// Whether a missing Redis may be installed with apt-get (only tried as root, on Debian and Ubuntu).
    /// </summary>
    public bool MayInstallWithApt { get; init; } = true;
}
