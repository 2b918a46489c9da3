using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.Errors;

/// <summary>The texts, with a remedy, for responses for which the platform sets only a status.</summary>
internal static class StatusWords
{
    /// <summary>
    /// The server's own message, without empty quotes: it omits the quoted text unless it logs it ("Invalid
    /// request line: ''").
    /// </summary>
    public static string Of(BadHttpRequestException refusal) => refusal.Message.Replace(": ''", "", StringComparison.Ordinal);

    /// <summary>The text; null for a status that needs none.</summary>
    /// <param name="status">The status.</param>
    /// <param name="response">With its headers.</param>
    public static string? Of(int status, HttpResponse? response = null) => status switch
    {
        StatusCodes.Status400BadRequest => "The request is malformed. Its line and its headers must be those of HTTP/1.1, in ASCII: percent-encode other letters of an address as UTF-8.",
        StatusCodes.Status404NotFound => "There is nothing at this address. /docs has those that there are.",
        StatusCodes.Status405MethodNotAllowed => $"This address does not take that method. It takes {response?.Headers.Allow.ToString() ?? "others"}.",
        StatusCodes.Status408RequestTimeout => "The request did not come to its end in time. Send it again.",
        StatusCodes.Status411LengthRequired => "The body's length is not said. Send Content-Length, or Transfer-Encoding: chunked.",
        StatusCodes.Status413PayloadTooLarge => $"The body is larger than {BodyLimit.MaxBytes} bytes.",
        StatusCodes.Status414UriTooLong => "The address is too long. Ask for less at once.",
        StatusCodes.Status415UnsupportedMediaType => "The body's media type is not read here. Send JSON, and say Content-Type: application/json.",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "The headers are too large or too many: 32 KiB and 100 of them are taken.",
        StatusCodes.Status500InternalServerError => "The service failed, which is not your doing. Its log says more, by the trace_id.",
        StatusCodes.Status505HttpVersionNotsupported => "This version of HTTP is not spoken here. Send HTTP/1.1.",
        _ => null,
    };
}
