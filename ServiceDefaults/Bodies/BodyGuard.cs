using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>
/// Checks every body before it is read: one that is too large is rejected (413), and so is an unknown
/// content coding or charset (415). All later code gets uncompressed UTF-8 of at most
/// <see cref="BodyLimit.MaxBytes"/>.
/// </summary>
internal static class BodyGuard
{
    /// <summary>
    /// Kestrel's own limit. It counts a chunked body with its framing, so it cannot be the exact limit: a
    /// client may send every byte as a chunk of six bytes. It stops what the exact limit does not count,
    /// such as endless chunk extensions.
    /// </summary>
    public const long MaxBytesOnTheWire = 8 * BodyLimit.MaxBytes;

    private static readonly string TooLarge = $"The body is larger than {BodyLimit.MaxBytes} bytes.";
    private static readonly string UnfoldsTooLarge = $"The body is larger than {BodyLimit.MaxBytes} bytes when it is decompressed.";

    /// <summary>
    /// How much the server reads ahead of the service for a connection, in bytes: a client whose body nobody
    /// reads yet costs no more.
    /// </summary>
    public const long MaxBytesReadAhead = 128 * 1024;

    /// <param name="builder">The service's builder.</param>
    /// <param name="keyOf">The API key of a request; null for none.</param>
    public static void AddBodyBudget(this WebApplicationBuilder builder, Func<HttpContext, string?> keyOf) => builder.Services
        .AddSettings(BodySettings.Read)
        .AddSingleton(provider => new BodyBudget(provider.GetRequiredService<BodySettings>(), keyOf));

    public static void UseBodyGuard(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return next(context);
        }

        if (request.ContentLength > BodyLimit.MaxBytes)
        {
            return Problems.TooLarge(TooLarge).ExecuteAsync(context);
        }

        var memory = context.RequestServices.GetRequiredService<BodyBudget>().Of(context);
        var isLimited = request.ContentLength is not null;
        if (!isLimited)
        {
            request.Body = new ChunkedBody(request.Body);
        }

        if (ContentCoding.Find(request.Headers.ContentEncoding) is not { } coding)
        {
            context.Response.Headers.AcceptEncoding = ContentCoding.Known;
            return ContentCoding.Refuse(request.Headers.ContentEncoding).ExecuteAsync(context);
        }
        if (!BodyCharset.TryRead(request, out var isLatin1, out var unknown))
        {
            return Problems.UnsupportedMediaType($"The body's charset '{unknown}' is not known here. Send UTF-8, and say charset=utf-8 in Content-Type or nothing.").ExecuteAsync(context);
        }

        if (coding.Decompress is { } decompress)
        {
            var wire = new WireBody(request.Body);
            var decompressor = decompress(wire);
            context.Response.RegisterForDispose(decompressor);
            request.Body = new DecompressedBody(new LimitedBody(decompressor, BodyLimit.MaxBytes, UnfoldsTooLarge, memory), wire, coding);
            request.Headers.Remove(HeaderNames.ContentEncoding);
            (request.ContentLength, isLimited) = (null, true);
        }
        if (isLatin1)
        {
            request.Body = BodyCharset.ToUtf8(request.Body);
            (request.ContentLength, isLimited) = (null, false);
        }
        if (!isLimited)
        {
            request.Body = new LimitedBody(request.Body, BodyLimit.MaxBytes, TooLarge, memory);
        }

        memory.Take(request.ContentLength ?? 0);

        return next(context);
    });
}
