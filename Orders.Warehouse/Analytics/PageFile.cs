using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Orders.Warehouse.Analytics;

/// <summary>A file of the page, in memory.</summary>
/// <param name="Path">Its route: <c>/analytics/main.js</c>.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record PageFile(string Path, ReadOnlyMemory<byte> Content)
{
    private const string Page = "index.html";
    private const string Prefix = "analytics/";

    private readonly EntityTagHeaderValue _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Content.Span)[..12])}\"");

    /// <summary>
    /// All of them. They are embedded in this assembly, so that they exist wherever it runs.
    /// </summary>
    public static IReadOnlyList<PageFile> ReadAll()
    {
        var assembly = typeof(PageFile).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new PageFile(name == Prefix + Page ? "/analytics" : "/" + name, content);
        })];
    }

    /// <summary>The file, or 304 when the client has it.</summary>
    public FileContentHttpResult Answer() => TypedResults.Bytes(Content, ContentType, entityTag: _tag);

    private string ContentType => System.IO.Path.GetExtension(Path) switch
    {
        "" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml; charset=utf-8",
        var other => throw new NotSupportedException($"No content type is known for {other}: {Path}"),
    };
}
