using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.Errors;

/// <summary>
/// Headers of every response, against browsers that guess: no content is taken for a page or a script that
/// is not declared as one.
/// </summary>
internal static class SafeHeaders
{
    public const string NoSniff = "nosniff";

    public static void UseSafeHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        Add(context.Response);
        return next(context);
    });

    public static void Add(HttpResponse response) => response.Headers.XContentTypeOptions = NoSniff;
}
