using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Query.Http;
using Orders.ServiceDefaults.Settings;

namespace Orders.Query.Console;

/// <summary>
/// The console page at <c>/</c>. It holds no data and asks for a key itself, so that it is served to
/// anybody.
/// </summary>
internal static class ConsoleSetup
{
    public static void AddConsole(this IServiceCollection services) => services.AddSettings(ConsoleSettings.Read);

    public static void MapConsole(this WebApplication app)
    {
        var console = app.MapGroup("").AllowAnonymous().ExcludeFromDescription().AddEndpointFilter(WithHeadersAsync);
        foreach (var file in ConsoleFiles.ReadAll())
        {
            console.MapRead(file.Path, () => file.Answer());
        }

        console.MapRead("/console/settings.json", Ok<ConsoleSettings> (ConsoleSettings settings) => TypedResults.Ok(settings));
    }

    private static ValueTask<object?> WithHeadersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        // A file keeps its name when it changes: ask each time, and be told 304.
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy(context.HttpContext.RequestServices.GetRequiredService<ConsoleSettings>().ApiOrigin);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    }

    // Files of this service, requests to it and to the Api, nothing else: no inline script, no frame around
    // it, no form that leaves by itself.
    private static string Policy(string? apiOrigin) =>
        $"default-src 'self'; connect-src 'self'{(apiOrigin is null ? "" : " " + apiOrigin)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";
}
