using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Instrumentation.AspNetCore;

namespace Orders.ServiceDefaults;

/// <summary>What the instrumentation of ASP.NET Core leaves out of a request's span: the exception that the exception handler answered, and the service.</summary>
internal static class RequestTags
{
    public static void Configure(AspNetCoreTraceInstrumentationOptions options)
    {
        // Health requests come for ever, and nobody looks for their traces.
        options.Filter = context => !context.Request.Path.StartsWithSegments(HealthSetup.Prefix, StringComparison.OrdinalIgnoreCase);
        options.EnrichWithHttpRequest = Begin;
        options.EnrichWithHttpResponse = End;
    }

    private static void Begin(Activity span, HttpRequest request) =>
        span.SetTag(Telemetry.ServiceTag, request.HttpContext.RequestServices.GetService<ServiceIdentity>()?.Name);

    private static void End(Activity span, HttpResponse response)
    {
        if (response.StatusCode < StatusCodes.Status500InternalServerError || response.HttpContext.Features.Get<IExceptionHandlerFeature>() is not { Error: { } failure })
            return;
        span.SetTag("error.type", failure.GetType().FullName);
        // Called for each exporter of a process, of which tests have several.
        if (!span.Events.Any(entry => entry.Name == "exception"))
            span.AddException(failure);
    }
}
