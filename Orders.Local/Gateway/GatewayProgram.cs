using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Engines.Processes;

namespace Orders.Local.Gateway;

/// <summary>Orders.GraphQL, ready to be run: Node, and the code beside the packages that it needs.</summary>
/// <param name="Node">Node's own program, no shim of it.</param>
/// <param name="Version">Node's version.</param>
/// <param name="Script">The file for Node to run.</param>
internal sealed record GatewayProgram(string Node, Version Version, string Script)
{
    public const string Name = "Orders.GraphQL";
    private static readonly Version OldestNode = new(20, 3);

    /// <summary>Finds Node and installs the packages where they are not there yet. Null, and a line that says why, where that cannot be done: the rest runs without.</summary>
    /// <param name="options">Where Node, npm and the cache are.</param>
    /// <param name="progress">Hears of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<GatewayProgram?> FindAsync(EngineOptions options, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        try
        {
            var (node, version) = await FindNodeAsync(options.SearchPath, cancellationToken);
            var code = Path.Combine(AppContext.BaseDirectory, Name);
            var packages = await new NpmCache(options.CacheFolder, options.SearchPath, progress).InstallLockedAsync(Name, code, cancellationToken);
            return new(node, version, Path.Combine(PutBeside(packages, Path.Combine(code, "src")), "main.js"));
        }
        catch (EngineException failure)
        {
            progress.Report(new(Name, $"not started: {failure.Message}", TimeSpan.Zero));
            return null;
        }
    }

    private static async Task<(string Node, Version Version)> FindNodeAsync(string searchPath, CancellationToken cancellationToken)
    {
        const string WayOut = "Install Node.js 20 or later and put it on the PATH.";
        var found = Executables.Find("node", searchPath) ?? throw new EngineException("there is no Node", WayOut);
        // What is on the PATH may be a version manager's shim.
        var run = await ShortProcess.RunAsync(found, ["-p", "process.versions.node + ' ' + process.execPath"], Path.GetTempPath(), cancellationToken);
        if (run.ExitCode != 0 || run.Output.Split(' ', 2) is not [var text, var node] || !Version.TryParse(text, out var version))
            throw new EngineException($"'{found}' does not run", WayOut, run.Output);
        return version >= OldestNode ? (node, version) : throw new EngineException($"Node {version} is too old", WayOut);
    }

    // Node looks for packages in the folders above the code. A folder for each state of the code, so that one that is running keeps its own.
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
            return place;
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
