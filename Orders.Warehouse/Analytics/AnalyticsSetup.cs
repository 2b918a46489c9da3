using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.OpenApi;
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
            .WithSummary("The answer to a ready question, with its SQL. A key of some merchants gets their orders only. Numbers have every digit.")
            .WithProblem(StatusCodes.Status404NotFound, "There is no such question, or its table is not in the lake.", "There is no question 'x'. GET /v1/analytics lists them.")
            .WithQueryProblems();
        api.MapPost("/query", AnalyticsApi.QueryAsync).WithName("Query")
            .RequireAllMerchants("The ready questions answer it for its own merchants.")
            .WithSummary("The answer to one SELECT, for a key of all merchants: 30 seconds, 5000 rows.")
            .WithProblem(StatusCodes.Status400BadRequest, "The body is not {\"sql\": \"SELECT …\"}.", "One or more fields are not valid. See errors.", ("sql", "is missing: a SELECT"))
            .WithProblem(StatusCodes.Status413PayloadTooLarge, "The body is too large.")
            .WithProblem(StatusCodes.Status415UnsupportedMediaType, "The body is not application/json.")
            .WithQueryProblems();

        var page = app.MapGroup("").AllowAnonymous().ExcludeFromDescription().AddEndpointFilter(WithHeadersAsync);
        string[] reads = [HttpMethods.Get, HttpMethods.Head];
        foreach (var file in PageFile.ReadAll())
        {
            page.MapMethods(file.Path, reads, () => file.Answer());
        }

        page.MapMethods("/analytics/settings.json", reads, Ok<AnalyticsSettings> (AnalyticsSettings settings) => TypedResults.Ok(settings));
    }

    private static RouteHandlerBuilder WithQueryProblems(this RouteHandlerBuilder route) => route
        .WithProblem(StatusCodes.Status408RequestTimeout, "The query took longer than it may.")
        .WithProblem(StatusCodes.Status422UnprocessableEntity, "The SQL is wrong, or asks for what it may not: detail says what.")
        .WithProblem(StatusCodes.Status500InternalServerError, "The lake is set up wrong, or a file in it is no table: detail says which.")
        .WithProblem(StatusCodes.Status503ServiceUnavailable, "Other queries are running, or the store of the lake does not answer. See Retry-After.");

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
