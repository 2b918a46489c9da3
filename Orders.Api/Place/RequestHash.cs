using System.Security.Cryptography;
using System.Text;
using Orders.Domain.Fields;

namespace Orders.Api.Place;

/// <summary>
/// What makes two requests the same: what they say, not how they are spelled. 200 and 200.00 are one amount,
/// and white space is nothing.
/// </summary>
internal static class RequestHash
{
    // Raise it with any change below, and with any field that a request gets: an old key then answers 422
    // until it expires, where a wrong replay would be worse.
    private const string Format = "1";

    // No text of a request holds a control character, so that no two requests give the same run of texts.
    private const char End = '\n';

    /// <summary>SHA-256 of the request, in hexadecimal.</summary>
    public static string Of(OrderRequest request)
    {
        var text = new StringBuilder(256);
        Append(text, Format);
        foreach (var field in OrderFields.Columns.Where(field => field.IsInRequest))
        {
            Append(text, field.Text(request.Order) ?? "");
        }

        foreach (var (line, field) in request.Order.Items.SelectMany(line => LineFields.Columns.Where(field => field.IsInRequest).Select(field => (line, field))))
        {
            Append(text, field.Text(line) ?? "");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Append(StringBuilder text, string part) => text.Append(part).Append(End);
}
