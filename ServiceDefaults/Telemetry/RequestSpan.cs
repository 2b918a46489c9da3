using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Orders.ServiceDefaults;

/// <summary>
/// What the platform leaves out of a request's span and the semantic conventions ask for: the route, the status and the failure
/// (https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span). The package that adds them otherwise is not used here.
/// </summary>
internal static class RequestSpan
{
    /// <summary>The request's span, or null when nobody records it.</summary>
    public static Activity? Of(HttpContext context) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span ? span : null;

    public static async Task RunAsync(Activity span, string service, HttpContext context, RequestDelegate next)
    {
        // Services may share a process, and with it the name that the process exports under.
        span.SetTag("orders.service", service);
        await next(context);

        // The exception handler clears the endpoint and keeps it here.
        var failure = context.Features.Get<IExceptionHandlerFeature>();
        var endpoint = context.GetEndpoint() ?? failure?.Endpoint;
        if (endpoint?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route is { } route)
        {
            span.DisplayName = $"{context.Request.Method} {route}";
            span.SetTag("http.route", route);
        }
        else
        {
            span.DisplayName = context.Request.Method;
        }

        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (status < StatusCodes.Status500InternalServerError)
            return;
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag("error.type", failure?.Error.GetType().FullName ?? status.ToString());
        if (failure is not null)
            span.AddException(failure.Error);
    }
}
