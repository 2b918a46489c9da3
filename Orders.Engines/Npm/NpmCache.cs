using System.Globalization;
using System.Security.Cryptography;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Npm;

/// <summary>
/// Installs npm packages, each once for all projects of this user. A package is installed into a temporary
/// folder, which is then moved into place. So an interrupted install is never used, and concurrent starts do
/// not disturb each other.
/// </summary>
internal sealed class NpmCache(string folder, string searchPath, IProgress<EngineStep> progress)
{
    private const string Unfinished = ".new-";
    private const int HashLength = 12;
    private static readonly TimeSpan LongestInstall = TimeSpan.FromHours(1);

    /// <summary>The package's folder; it is installed first if necessary.</summary>
    /// <param name="engine">The engine that needs it, for messages.</param>
    /// <param name="package">What to install.</param>
    /// <param name="cancellationToken">Stops npm.</param>
    /// <exception cref="EngineException">There is no package for this platform, no npm, or npm
    /// failed.</exception>
    public async Task<string> InstallAsync(string engine, NpmPackage package, CancellationToken cancellationToken)
    {
        var name = package.NameFor(Platform.Name) ?? throw new EngineException(
            $"{engine} is not installed, and npm has no {package.Scope}* package for {Platform.Name}", $"Install {engine} and put it on the PATH.");
        var place = Path.Combine(folder, $"{name.TrimStart('@').Replace('/', '-')}@{package.Version}");
        var installed = Path.Combine(place, "node_modules", name);
        FolderTrust.CheckShared(place, "ORDERS_CACHE");
        if (Directory.Exists(installed))
        {
            return installed;
        }

        await InstallAsync(engine, $"npm install {name}@{package.Version}", place, async (npm, work) =>
        {
            await RunNpmAsync(npm, work, "install", $"{name}@{package.Version}", ["--no-package-lock", $"{name}@{package.Version}"], cancellationToken);
            PackageFiles.AddLinks(Path.Combine(work, "node_modules", name));
        });
        return installed;
    }

    /// <summary>
    /// A folder with the packages of a project's lock file; they are installed first if necessary.
    /// </summary>
    /// <param name="engine">The program that needs them, for messages.</param>
    /// <param name="project">The project's folder, with <c>package.json</c> and
    /// <c>package-lock.json</c>.</param>
    /// <param name="cancellationToken">Stops npm.</param>
    /// <exception cref="EngineException">There is no npm, or npm failed.</exception>
    public async Task<string> InstallLockedAsync(string engine, string project, CancellationToken cancellationToken)
    {
        string[] files = ["package.json", "package-lock.json"];
        var hash = SHA256.HashData([.. files.SelectMany(file => File.ReadAllBytes(Path.Combine(project, file)))]);
        var place = Path.Combine(folder, $"{Path.GetFileName(project).ToLowerInvariant()}@{Convert.ToHexStringLower(hash)[..HashLength]}");
        FolderTrust.CheckShared(place, "ORDERS_CACHE");
        if (Directory.Exists(place))
        {
            return place;
        }

        await InstallAsync(engine, $"npm ci for {engine}", place, (npm, work) =>
        {
            foreach (var file in files)
            {
                File.Copy(Path.Combine(project, file), Path.Combine(work, file));
            }

            return RunNpmAsync(npm, work, "ci", $"the packages of {engine}", ["--include=dev"], cancellationToken);
        });
        return place;
    }

    private async Task InstallAsync(string engine, string title, string place, Func<string, string, Task> install)
    {
        var npm = Executables.Find("npm", searchPath) ?? throw new EngineException(
            $"{engine} is not installed, and there is no npm to get it with", $"Install Node.js 20.3 or later, or {engine}, and put it on the PATH.");
        var step = new Step(progress, engine, $"{title} into {folder}", takesLong: true);
        var work = Path.Combine(folder, Unfinished + Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture));
        try
        {
            Folders.Create(folder, "ORDERS_CACHE");
            if (Platform.IsRoot)
            {
                Folders.OpenToAll(folder);
            }

            RemoveAbandoned();
            Folders.Create(work, "ORDERS_CACHE");
            await install(npm, work);
            if (Platform.IsRoot)
            {
                PackageFiles.OpenToOthers(work);
            }

            MoveInto(work, place);
        }
        finally
        {
            Folders.Remove(work);
        }

        step.Done();
    }

    private async Task RunNpmAsync(string npm, string work, string verb, string what, IEnumerable<string> more, CancellationToken cancellationToken)
    {
        // Install scripts are disabled whatever the user's npm configuration says; this code does their
        // work.
        var run = await ShortProcess.RunAsync(npm,
            [verb, "--prefix", work, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", .. more],
            work, cancellationToken, environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = searchPath });
        if (run.ExitCode == 0)
        {
            return;
        }

        if (run.Output.Contains("ENOSPC", StringComparison.Ordinal))
        {
            throw Folders.NoSpace(folder, "ORDERS_CACHE");
        }

        var reason = run.Output.Split('\n').Select(line => line.Replace("npm error", "", StringComparison.Ordinal).Trim())
            .FirstOrDefault(line => line.Length > 0 && !line.StartsWith("code ", StringComparison.Ordinal)) ?? $"it exited with {run.ExitCode}";
        throw new EngineException($"npm could not install {what}: {reason}", $"See what 'npm {verb}{(verb == "ci" ? "" : " " + what)}' says on its own.", run.Output);
    }

    // Removes interrupted installs of killed runs.
    private void RemoveAbandoned()
    {
        var before = TimeProvider.System.GetUtcNow().UtcDateTime - LongestInstall;
        foreach (var left in Directory.EnumerateDirectories(folder, Unfinished + "*").Where(left => Directory.GetCreationTimeUtc(left) < before))
        {
            Folders.Remove(left);
        }
    }

    private static void MoveInto(string work, string place)
    {
        try
        {
            Directory.Move(work, place);
        }
        catch (IOException) when (Directory.Exists(place))
        {
            // Another start was faster; its copy is just as good.
        }
    }
}
