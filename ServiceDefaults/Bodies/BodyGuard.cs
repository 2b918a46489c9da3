using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Orders.ServiceDefaults;

/// <summary>Refuses bodies that are too large (413) or in an encoding that nobody knows (415) before anything tries to read them.</summary>
internal static class BodyGuard
{
    /// <summary>
    /// Kestrel's own limit. It counts a chunked body with its framing, so that it cannot be the exact one: a client may send every byte as a
    /// chunk of six. It is there for what the exact limit does not see, such as chunk extensions without end.
    /// </summary>
    public const long MaxBytesOnTheWire = 8 * ServiceDefaultsExtensions.MaxBodyBytes;

    private static readonly string TooLarge = $"The body is larger than {ServiceDefaultsExtensions.MaxBodyBytes} bytes.";

    public static void UseBodyGuard(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return next(context);
        if (request.ContentLength > ServiceDefaultsExtensions.MaxBodyBytes)
            return Problems.TooLarge(TooLarge).ExecuteAsync(context);
        if (!HasKnownCharset(request))
            return Problems.UnsupportedMediaType("The body's charset is not known. Send UTF-8.").ExecuteAsync(context);
        if (request.ContentLength is null)
            request.Body = new LimitedBody(request.Body, ServiceDefaultsExtensions.MaxBodyBytes, TooLarge);
        return next(context);
    });

    // The platform's JSON reading throws for an unknown charset what becomes a 500, and takes the quotes that HTTP allows for a part of the name.
    private static bool HasKnownCharset(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
            return true;
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        if (charset.Length != type.Charset.Length)
        {
            type.Charset = charset;
            request.ContentType = type.ToString();
        }
        try
        {
            return Encoding.GetEncoding(charset.ToString()) is not null;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
