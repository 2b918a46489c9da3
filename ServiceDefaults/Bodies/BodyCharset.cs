using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>
/// The charset that <c>Content-Type</c> names. UTF-8 and the ASCII in it are read as they are, and Latin-1,
/// which some clients name by habit, is turned into UTF-8. JSON between systems is UTF-8 (RFC 8259, 8.1): of
/// any other charset there is nothing to gain.
/// </summary>
internal static class BodyCharset
{
    private const int Ascii = 20127;

    /// <summary>
    /// Finds out what a body is in, and says in its Content-Type that it is UTF-8, as it will be.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="isLatin1">Whether it must be turned into UTF-8 first.</param>
    /// <param name="unknown">The charset that is not known.</param>
    /// <returns>False where it is not known.</returns>
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
        // The platform's own reading of JSON takes the quotes that HTTP allows for a part of the name.
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
