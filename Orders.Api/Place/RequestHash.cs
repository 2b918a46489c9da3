using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orders.Api.Place;

/// <summary>What makes two requests the same: what they say, not how they are spelled. 200 and 200.00 are one amount, and white space is nothing.</summary>
internal static class RequestHash
{
    // Raise it with any change below: an old key then answers 422 until it expires, where a wrong replay would be worse.
    private const string Format = "1";

    // No text of a request holds a control character, so that no two requests give the same run of texts.
    private const char End = '\n';

    /// <summary>SHA-256 of the request, in hexadecimal.</summary>
    public static string Of(OrderRequest request)
    {
        var text = new StringBuilder(256);
        Append(text, Format);
        Append(text, request.MerchantId);
        Append(text, request.CustomerId ?? "");
        Append(text, request.Currency.Code);
        Append(text, request.Amount);
        foreach (var line in request.Items)
        {
            Append(text, line.ProductId);
            Append(text, line.ProductName);
            Append(text, line.Quantity);
            Append(text, line.UnitPrice);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Append(StringBuilder text, string part) => text.Append(part).Append(End);

    private static void Append(StringBuilder text, decimal part) => text.Append(CultureInfo.InvariantCulture, $"{part}").Append(End);
}
