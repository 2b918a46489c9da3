using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Instrumentation.AspNetCore;
using Orders.ServiceDefaults.Health;
using Orders.ServiceDefaults.Hosting;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// Adds tags to a request's span that the instrumentation of ASP.NET Core does not: its service, and the
/// handled exception.
/// </summary>
internal static class RequestTags
{
    public static void Configure(AspNetCoreTraceInstrumentationOptions options)
    {
        // Probes are frequent, and their traces are useless.
        options.Filter = context => !context.Request.Path.StartsWithSegments(HealthSetup.Prefix, StringComparison.OrdinalIgnoreCase);
        options.EnrichWithHttpRequest = Begin;
        options.EnrichWithHttpResponse = End;
    }

    private static void Begin(Activity span, HttpRequest request) =>
        span.SetTag(Telemetry.ServiceTag, request.HttpContext.RequestServices.GetService<ServiceIdentity>()?.Name);

    private static void End(Activity span, HttpResponse response)
    {
        if (response.StatusCode < StatusCodes.Status500InternalServerError)
        {
            return;
        }

        if (response.HttpContext.Features.Get<IExceptionHandlerFeature>() is not { Error: { } failure })
        {
            return;
        }

        span.SetTag("error.type", failure.GetType().FullName);
        // Called for each exporter of a process; tests have several.
        if (!span.Events.Any(entry => entry.Name == "exception"))
        {
            span.AddException(failure);
        }
    }
}
