using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Query.Http;
using Orders.ServiceDefaults.Settings;

namespace Orders.Query.Console;

/// <summary>
/// The console page at <c>/</c>. It holds no data and asks for a key itself, so it is served without a key.
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
        // Files keep their names when they change, so browsers must revalidate each time (304).
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy(context.HttpContext.RequestServices.GetRequiredService<ConsoleSettings>().ApiOrigin);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    }

    // Allows files of this service, and requests to it and to Orders.Api. Forbids inline scripts, frames and
    // form submission.
    private static string Policy(string? apiOrigin) =>
        $"default-src 'self'; connect-src 'self'{(apiOrigin is null ? "" : " " + apiOrigin)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";
}
