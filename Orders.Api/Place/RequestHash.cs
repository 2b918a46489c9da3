using System.Security.Cryptography;
using System.Text;
using Orders.Domain.Fields;

namespace Orders.Api.Place;

/// <summary>
/// Decides whether two requests are the same: by content, not by spelling. 200 and 200.00 are the same
/// amount, and white space does not count.
/// </summary>
internal static class RequestHash
{
    // Raise it with any change below, and with any new field of a request. An old key then answers 422 until
    // it expires, which is better than a wrong replay.
    private const string Format = "1";

    // No text of a request has a control character, so they are safe as separators.
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
