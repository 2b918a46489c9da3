using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Orders.ServiceDefaults;

/// <summary><c>/docs</c>: the OpenAPI document as a page to read. It asks nobody but this service for anything.</summary>
internal static class DocsPage
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapDocs(this WebApplication app)
    {
        Map(app, "/docs", "docs.html", "text/html; charset=utf-8");
        Map(app, "/docs/docs.css", "docs.css", "text/css; charset=utf-8");
        Map(app, "/docs/docs.js", "docs.js", "text/javascript; charset=utf-8");
    }

    private static void Map(WebApplication app, string path, string file, string contentType)
    {
        var bytes = Read(file);
        app.MapGet(path, FileContentHttpResult (HttpResponse response) =>
            {
                response.Headers.ContentSecurityPolicy = Policy;
                response.Headers.XContentTypeOptions = "nosniff";
                response.Headers.CacheControl = "no-cache";
                return TypedResults.Bytes(bytes, contentType);
            })
            .AllowAnonymous()
            .ExcludeFromDescription();
    }

    private static byte[] Read(string file)
    {
        var assembly = typeof(DocsPage).Assembly;
        using var stream = assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(name => name.EndsWith(file, StringComparison.Ordinal)))!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
