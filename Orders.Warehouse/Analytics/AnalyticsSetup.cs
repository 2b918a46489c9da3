using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Warehouse.Analytics;

/// <summary>The page at <c>/analytics</c> and what it asks.</summary>
internal static class AnalyticsSetup
{
    // Allows files of this service and requests to it. Forbids inline scripts, frames and form submission.
    private const string Policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

    /// <summary>Adds its parts.</summary>
    public static WebApplicationBuilder AddAnalytics(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings(AnalyticsSettings.Read);
        builder.Services.AddSingleton<QueryGate>();
        return builder;
    }

    /// <summary>Maps the page, which needs no key, and the API, which needs <c>analytics:read</c>.</summary>
    public static void MapAnalytics(this WebApplication app)
    {
        var api = app.MapGroup("/v1/analytics").RequireScope(Scopes.AnalyticsRead).WithTags("analytics");
        api.MapGet("", AnalyticsApi.List).WithName("ListQuestions").WithSummary("The ready questions.");
        api.MapGet("/{question}", AnalyticsApi.AnswerAsync).WithName("AnswerQuestion")
            .WithSummary("The answer to a ready question, with its SQL. A key of some merchants gets their orders only. Numbers have every digit.");
        api.MapPost("/query", AnalyticsApi.QueryAsync).WithName("Query")
            .RequireAllMerchants("The ready questions answer it for its own merchants.")
            .WithSummary("The answer to one SELECT, for a key of all merchants: 30 seconds, 5000 rows.");

        var page = app.MapGroup("").AllowAnonymous().ExcludeFromDescription().AddEndpointFilter(WithHeadersAsync);
        string[] reads = [HttpMethods.Get, HttpMethods.Head];
        foreach (var file in PageFile.ReadAll())
        {
            page.MapMethods(file.Path, reads, () => file.Answer());
        }

        page.MapMethods("/analytics/settings.json", reads, Ok<AnalyticsSettings> (AnalyticsSettings settings) => TypedResults.Ok(settings));
    }

    private static ValueTask<object?> WithHeadersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        // Files keep their names when they change, so browsers must revalidate each time (304).
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    }
}
