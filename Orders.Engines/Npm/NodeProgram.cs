using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Npm;

/// <summary>
/// A project for Node, ready to be run: Node itself, and a copy of the code beside the packages that it
/// needs.
/// </summary>
/// <param name="Node">Node's own program, no shim of it.</param>
/// <param name="Version">Node's version.</param>
/// <param name="Script">The file for Node to run.</param>
internal sealed record NodeProgram(string Node, Version Version, string Script)
{
    private static readonly Version OldestNode = new(20, 3);
    private static readonly string WayOut = $"Install Node.js {OldestNode} or later and put it on the PATH.";

    /// <summary>
    /// What Node is run with: what a person has it do for other programs (a module loaded first, an option
    /// that this version lacks) is not done here.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_OPTIONS"] = "", ["NODE_PATH"] = "" };

    /// <summary>Finds Node, and installs the packages where they are not there yet.</summary>
    /// <param name="name">The project's name, for messages.</param>
    /// <param name="project">Its folder, with <c>package.json</c>, <c>package-lock.json</c> and
    /// <c>src/main.js</c>. Nothing is written there.</param>
    /// <param name="options">Where Node, npm and the cache are.</param>
    /// <param name="progress">Hears of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineException">There is no Node, or the packages cannot be had.</exception>
    public static async Task<NodeProgram> PrepareAsync(
        string name, string project, EngineOptions options, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        var (node, version) = await FindNodeAsync(options.SearchPath, cancellationToken);
        var packages = await new NpmCache(options.CacheFolder, options.SearchPath, progress).InstallLockedAsync(name, project, cancellationToken);
        return new(node, version, Path.Combine(PutBeside(packages, Path.Combine(project, "src")), "main.js"));
    }

    private static async Task<(string Node, Version Version)> FindNodeAsync(string searchPath, CancellationToken cancellationToken)
    {
        var found = Executables.Find("node", searchPath) ?? throw new EngineException("there is no Node", WayOut);
        // What is on the PATH may be a version manager's shim.
        var run = await ShortProcess.RunAsync(found, ["-p", "process.versions.node + ' ' + process.execPath"], Path.GetTempPath(), cancellationToken, environment: Environment);
        if (run.ExitCode != 0 || run.Answer.Split(' ', 2) is not [var text, var node] || !Version.TryParse(text, out var version))
        {
            throw new EngineException($"'{found}' does not run", WayOut, run.Output);
        }

        return version >= OldestNode ? (node, version) : throw new EngineException($"Node {version} is too old", WayOut);
    }

    // Node looks for packages in the folders above the code. A folder for each state of the code, so that
    // one that is running keeps its own.
    private static string PutBeside(string packages, string code)
    {
        var files = Directory.EnumerateFiles(code, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(code, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        var place = Path.Combine(packages, "src-" + Convert.ToHexStringLower(hash.GetHashAndReset())[..12]);
        if (Directory.Exists(place))
        {
            return place;
        }

        var work = $"{place}.{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture)}";
        try
        {
            foreach (var file in files)
            {
                var copy = Path.Combine(work, Path.GetRelativePath(code, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            Directory.Move(work, place);
        }
        catch (IOException) when (Directory.Exists(place))
        {
            // Another start was quicker.
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw Folders.Explain(failure, packages, "ORDERS_CACHE");
        }
        finally
        {
            Folders.Remove(work);
        }

        return place;
    }
}
