using System.Reflection;

namespace Orders.Query.Console;

/// <summary>
/// The files of the console page. They are embedded in this assembly, so that they exist wherever it runs:
/// from the build's output, inside another program, in a container.
/// </summary>
internal static class ConsoleFiles
{
    private const string Prefix = "wwwroot/";
    private const string Page = "index.html";

    /// <summary>Reads all of them; the page itself has the path <c>/</c>.</summary>
    public static IReadOnlyList<ConsoleFile> ReadAll()
    {
        var assembly = typeof(ConsoleFiles).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => Read(assembly, name))];
    }

    private static ConsoleFile Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var path = name[Prefix.Length..];
        return new(path == Page ? "/" : "/" + path, content, ContentType(path));
    }

    private static string ContentType(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml; charset=utf-8",
        var other => throw new NotSupportedException($"No content type is known for {other}: {path}"),
    };
}
