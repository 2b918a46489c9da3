using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>
/// The charset that <c>Content-Type</c> names. UTF-8 and ASCII are read unchanged. Latin-1, which some
/// clients send by habit, is converted to UTF-8. Other charsets are rejected, since JSON between systems is
/// UTF-8 (RFC 8259, 8.1).
/// </summary>
internal static class BodyCharset
{
    private const int Ascii = 20127;

    /// <summary>
    /// Reads the charset of a body, and sets the request's Content-Type to UTF-8, to which the body will be
    /// converted.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="isLatin1">Whether it must be converted to UTF-8.</param>
    /// <param name="unknown">The unknown charset.</param>
    /// <returns>False for an unknown charset.</returns>
    public static bool TryRead(HttpRequest request, out bool isLatin1, out string unknown)
    {
        (isLatin1, unknown) = (false, "");
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
        {
            return true;
        }

        unknown = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
        if (Find(unknown) is not { } codePage)
        {
            return false;
        }

        isLatin1 = codePage == Encoding.Latin1.CodePage;
        // HTTP allows quotes around the charset; the platform's JSON reader would take them as part of the
        // name.
        type.Charset = Encoding.UTF8.WebName;
        request.ContentType = type.ToString();
        return true;
    }

    /// <summary>Latin-1 as UTF-8.</summary>
    public static Stream ToUtf8(Stream body) => Encoding.CreateTranscodingStream(body, Encoding.Latin1, Encoding.UTF8);

    private static int? Find(string charset)
    {
        if (charset.Equals("utf8", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8.CodePage;
        }

        try
        {
            var codePage = Encoding.GetEncoding(charset).CodePage;
            return codePage == Encoding.UTF8.CodePage || codePage == Encoding.Latin1.CodePage || codePage == Ascii ? codePage : null;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
