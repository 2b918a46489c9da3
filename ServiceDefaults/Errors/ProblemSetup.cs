using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.ServiceDefaults.Errors;

internal static class ProblemSetup
{
    public static void AddProblems(this WebApplicationBuilder builder)
    {
        // The first writer that can write is used: ours comes before the platform's.
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddProblemDetails();
        // By default the platform throws for an unbindable parameter only in Development; elsewhere it does
        // not name the parameter.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddHostedService<ServerProblems>();
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = failure => failure is BadHttpRequestException malformed ? malformed.StatusCode : StatusCodes.Status500InternalServerError,
            // A client error, or a client that disconnected, is no error of the service.
            SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException || failure.HttpContext.RequestAborted.IsCancellationRequested,
        });
        app.UseStatusCodePages();
    }
}
