using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Http;

/// <summary>
/// The prefix under which a proxy publishes this service, from <c>X-Forwarded-Prefix</c>: the proxy removes
/// it from the path, and addresses in responses (<c>Location</c>, the server in the OpenAPI document)
/// include it. Clients can forge the header, so it is trusted only if a setting says that a proxy writes it.
/// Written by hand, since the platform's middleware accepts <c>//elsewhere.example</c> as a prefix and
/// ignores invalid values.
/// </summary>
internal static class ForwardedPrefix
{
    private const string Header = "X-Forwarded-Prefix";

    public static void AddForwardedPrefix(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings(ReadTrust);
    }

    public static void UseForwardedPrefix(this WebApplication app) => app.Use((context, next) =>
    {
        if (!context.RequestServices.GetRequiredService<Trust>().IsGiven || !context.Request.Headers.TryGetValue(Header, out var header))
        {
            return next(context);
        }

        if (!TryRead(header.ToString(), out var prefix))
        {
            throw new BadHeaderException(Header, "is not a prefix such as /shop: a slash and letters, digits or any of - . _ ~, as often as there are parts.");
        }

        context.Request.PathBase = prefix + context.Request.PathBase;
        return next(context);
    });

    // Each proxy of a chain adds its prefix, the outer one first.
    private static bool TryRead(string header, out PathString prefix)
    {
        var text = string.Concat(header.Split(',', StringSplitOptions.TrimEntries).Select(one => one.EndsWith('/') ? one[..^1] : one));
        var isPrefix = text.Length == 0 || (text[0] == '/' && text[1..].Split('/').All(IsPart));
        prefix = isPrefix ? new(text) : default;
        return isPrefix;
    }

    private static bool IsPart(string part) =>
        part is not ("" or "." or "..") && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~');

    private static Trust ReadTrust(IConfiguration configuration) => ConfigurationReader.Read(configuration, "Orders:Http", settings =>
        new Trust(settings.Flag("TrustForwardedPrefix", fallback: false, "Set it to true where a proxy writes X-Forwarded-Prefix, or leave it out for false.")));

    internal sealed record Trust(bool IsGiven);
}
