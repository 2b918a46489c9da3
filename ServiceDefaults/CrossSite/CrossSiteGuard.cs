using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Errors;

namespace Orders.ServiceDefaults.CrossSite;

/// <summary>
/// Refuses what a foreign page makes a browser send (cross-site request forgery): a browser adds a user's
/// Basic credentials by itself. Browsers say where a request comes from in <c>Sec-Fetch-Site</c> and
/// <c>Origin</c>, which no page can forge; other clients send neither.
/// </summary>
internal static class CrossSiteGuard
{
    private const string FetchSite = "Sec-Fetch-Site";

    public static void UseCrossSiteGuard(this WebApplication app) => app.Use((context, next) =>
        IsSafe(context.Request.Method) || IsOwn(context.Request) || IsAllowed(context)
            ? next(context)
            : Problems.Of(StatusCodes.Status403Forbidden, "A page of another origin may not change anything here.").ExecuteAsync(context));

    /// <summary>
    /// Whether the browser says that this service's own page sends the request, or the user.
    /// </summary>
    public static bool IsOwnPage(HttpRequest request) => request.Headers[FetchSite] is ["same-origin" or "none"];

    // Safe methods change nothing (RFC 9110, 9.2.1), and a foreign page cannot read their answers.
    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsOwn(HttpRequest request)
    {
        if (request.Headers.ContainsKey(FetchSite))
        {
            return IsOwnPage(request);
        }

        // Without the scheme, which a proxy may have changed.
        return request.Headers.Origin.Count == 0
            || (request.Headers.Origin is [{ } origin] && Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsAllowed(HttpContext context) =>
        context.Request.Headers.Origin is [{ } origin] && context.RequestServices.GetService<IAllowedOrigins>()?.Allow(origin) == true;
}
