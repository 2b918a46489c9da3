using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Npm;

/// <summary>
/// A Node project that is ready to run: Node itself, and a copy of the code next to the packages that it
/// needs.
/// </summary>
/// <param name="Node">The real Node program, not a shim.</param>
/// <param name="Version">Node's version.</param>
/// <param name="Script">The file for Node to run.</param>
internal sealed record NodeProgram(string Node, Version Version, string Script)
{
    private static readonly Version OldestNode = new(20, 3);
    private static readonly string WayOut = $"Install Node.js {OldestNode} or later and put it on the PATH.";

    /// <summary>
    /// The environment for Node. It removes the user's settings for other programs, such as a module to load
    /// first, or an option that this version does not know.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_OPTIONS"] = "", ["NODE_PATH"] = "" };

    /// <summary>Finds Node, and installs missing packages.</summary>
    /// <param name="name">The project's name, for messages.</param>
    /// <param name="project">Its folder, with <c>package.json</c>, <c>package-lock.json</c> and
    /// <c>src/main.js</c>. Nothing is written there.</param>
    /// <param name="options">The search path and the cache folder.</param>
    /// <param name="progress">Receives each step.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <exception cref="EngineException">There is no Node, or the packages are not available.</exception>
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
        // The program on the PATH may be a shim of a version manager, which reads settings in its working
        // folder: not in the temporary folder, where anybody could put them.
        var run = await ShortProcess.RunAsync(found, ["-p", "process.versions.node + ' ' + process.execPath"], Path.GetDirectoryName(found)!, cancellationToken, environment: Environment);
        if (run.ExitCode != 0 || run.Answer.Split(' ', 2) is not [var text, var node] || !Version.TryParse(text, out var version))
        {
            throw new EngineException($"'{found}' does not run", WayOut, run.Output);
        }

        return version >= OldestNode ? (node, version) : throw new EngineException($"Node {version} is too old", WayOut);
    }

    // Node looks for packages in the parent folders of the code. Each version of the code gets a folder of
    // its own, so that a running program keeps its files.
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
            // Another start was faster.
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
