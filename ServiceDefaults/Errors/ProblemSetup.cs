using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.ServiceDefaults.Errors;

internal static class ProblemSetup
{
    public static void AddProblems(this WebApplicationBuilder builder)
    {
        // The first writer that can, writes: ours comes before the platform's.
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddProblemDetails();
        // The platform throws for a parameter that cannot be bound in Development only, and is silent about
        // which one it was elsewhere.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddHostedService<ServerProblems>();
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = failure => failure is BadHttpRequestException malformed ? malformed.StatusCode : StatusCodes.Status500InternalServerError,
            // What the client did wrong, or did not wait for, is no error of the service.
            SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException || failure.HttpContext.RequestAborted.IsCancellationRequested,
        });
        app.UseStatusCodePages();
    }
}
