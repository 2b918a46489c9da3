using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Orders.Infra.Settings;

namespace Orders.Infra.Images;

/// <summary>
/// The sources of a .NET project: its files, those of the projects that it references, and the common files
/// of the source folder.
/// </summary>
internal static class ProjectSources
{
    private static readonly string[] SharedFiles = ["Directory.*", "global.json", "nuget.config"];
    private static readonly string[] MadeFolders = ["bin", "obj", "node_modules"];

    /// <summary>Finds the source of an image.</summary>
    /// <param name="sourceFolder">The folder of the solution.</param>
    /// <param name="folder">The service's folder in it.</param>
    /// <param name="file">Its project or Dockerfile.</param>
    /// <param name="parameter">The parameter that could have named an image.</param>
    /// <returns>The file's full path.</returns>
    /// <exception cref="StackSettingException">It does not exist.</exception>
    public static string Find(string sourceFolder, string folder, string file, string parameter) =>
        Path.Combine(sourceFolder, folder, file) is var path && File.Exists(path)
            ? path
            : throw new StackSettingException(
                parameter,
                $"It is missing, and there is no {folder}/{file} in {sourceFolder} to make the image from.",
                "Give the image's name in a registry, or deploy from the folder of the sources.");

    /// <summary>A hash of their names and contents, the same on every machine.</summary>
    /// <param name="sourceFolder">The base of relative names.</param>
    /// <param name="projectFile">The project's full path.</param>
    public static string Hash(string sourceFolder, string projectFile)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var shared = SharedFiles.SelectMany(form => Directory.EnumerateFiles(sourceFolder, form));
        var files = Closure(projectFile).SelectMany(project => Files(Path.GetDirectoryName(project)!)).Concat(shared)
            .Select(file => (Name: Path.GetRelativePath(sourceFolder, file).Replace('\\', '/'), Path: file))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        foreach (var (name, path) in files)
        {
            // A hash for each file, so that content cannot move between files unnoticed.
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static HashSet<string> Closure(string projectFile)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>([projectFile]);
        while (waiting.TryPop(out var project))
        {
            if (found.Add(project))
            {
                foreach (var reference in XDocument.Load(project).Descendants("ProjectReference").Attributes("Include"))
                {
                    waiting.Push(Path.GetFullPath(reference.Value.Replace('\\', '/'), Path.GetDirectoryName(project)!));
                }
            }
        }

        return found;
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder).Where(inner => IsSource(Path.GetFileName(inner))).SelectMany(Files));

    private static bool IsSource(string folderName) => !MadeFolders.Contains(folderName) && !folderName.StartsWith('.');
}
