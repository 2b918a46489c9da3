using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// Reads <c>Authorization: Basic …</c> and <c>X-Api-Key: id.secret</c>. Anything else is unreadable, but
/// never an error.
/// </summary>
internal static class CredentialReader
{
    public const string ApiKeyHeader = "X-Api-Key";

    /// <summary>
    /// Longer than any id and secret that <see cref="KeySettings"/> allows; longer headers are not read.
    /// </summary>
    public const int MaxChars = 512;

    private const string BasicPrefix = "Basic ";

    /// <summary>
    /// Whether the request has a credential. <paramref name="credential"/> stays null when it cannot be
    /// read.
    /// </summary>
    public static bool IsPresent(IHeaderDictionary headers, out Credential? credential)
    {
        if (headers.TryGetValue(ApiKeyHeader, out var key))
        {
            credential = ReadApiKey(key);
            return true;
        }
        credential = ReadBasic(headers.Authorization);
        return headers.Authorization.Count > 0;
    }

    private static Credential? ReadApiKey(StringValues header) =>
        header.Count == 1 && header[0] is { Length: <= MaxChars } text ? Split(text, '.') : null;

    private static Credential? ReadBasic(StringValues header)
    {
        if (header.Count != 1 || header[0] is not { Length: <= MaxChars } text || !text.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxChars];
        if (!Convert.TryFromBase64Chars(text.AsSpan(BasicPrefix.Length), bytes, out var length))
        {
            return null;
        }
        // Invalid UTF-8 becomes replacement characters, which are in no id and no secret of new-key.
        return Split(Encoding.UTF8.GetString(bytes[..length]), ':');
    }

    // Split at the first separator: ids contain neither, secrets may.
    private static Credential? Split(string text, char separator) =>
        text.IndexOf(separator) is var at and > 0 ? new Credential(text[..at], text[(at + 1)..]) : null;
}
