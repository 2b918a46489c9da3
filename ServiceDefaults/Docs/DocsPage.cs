using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.OpenApi;
using Orders.ServiceDefaults.SignIn;
using Scalar.AspNetCore;

namespace Orders.ServiceDefaults.Docs;

/// <summary>
/// <c>/docs</c>: the OpenAPI document as a page to read and to try. Everything on it comes from this
/// service. Scalar's online services are off, and the Content-Security-Policy blocks them even if a later
/// version enables one.
/// </summary>
internal static class DocsPage
{
    private const int NonceBytes = 16;

    public static void MapDocs(this WebApplication app) =>
        app.MapGroup("")
            .AddEndpointFilter(WithHeadersAsync)
            .MapScalarApiReference("/docs", Describe)
            .AllowAnonymous();

    private static void Describe(ScalarOptions options, HttpContext context)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        // The script of the page creates its styles.
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        options
            .WithNonce(nonce)
            .WithTitle(context.RequestServices.GetRequiredService<ServiceIdentity>().Name)
            .WithFavicon("data:,")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools()
            .AddPreferredSecuritySchemes(OpenApiSetup.Basic);
        if (context.RequestServices.GetRequiredService<CurrentKeys>().Find(KeySettings.LocalCredential) is not null)
        {
            options.AddHttpAuthentication(OpenApiSetup.Basic, basic =>
                (basic.Username, basic.Password) = (KeySettings.LocalCredential.Id, KeySettings.LocalCredential.Secret));
        }
    }

    private static ValueTask<object?> WithHeadersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }
}
