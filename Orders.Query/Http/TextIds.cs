using Microsoft.AspNetCore.Http.Features;

namespace Orders.Query.Http;

/// <summary>
/// Ids of merchants, customers and products, which are free texts of the merchant. Reads accept whatever the
/// read model may hold; the rules for writes are stricter, and were different before.
/// </summary>
internal static class TextIds
{
    /// <summary>The description of an id, to follow "is not".</summary>
    public const string Expected = "1 to 2048 characters without U+0000.";

    /// <summary>Longer ones do not fit an index of Postgres.</summary>
    private const int MaxLength = 2_048;

    private const string EscapedSlash = "%2F";

    /// <summary>Whether something with this id can exist.</summary>
    public static bool MayExist(string id) => id.Length > 0 && IsText(id);

    /// <summary>The same for an id with a known merchant; it may be empty.</summary>
    public static bool IsText(string id) => id.Length <= MaxLength && !id.Contains('\0', StringComparison.Ordinal);

    /// <summary>
    /// The id in the last segment of a path. The platform keeps an escaped slash, so that the raw path must
    /// be read to tell <c>%2F</c> from the same characters in an id.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="id">The id as the platform decoded it.</param>
    public static string InPath(HttpContext http, string id)
    {
        if (!id.Contains(EscapedSlash, StringComparison.OrdinalIgnoreCase))
        {
            return id;
        }

        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?', 2)[0].TrimEnd('/');
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }

    /// <summary>Escapes an id for a list, where a comma and a slash have a meaning.</summary>
    public static string Escape(string id) =>
        id.AsSpan().IndexOfAny('%', ',', '/') < 0
            ? id
            : id.Replace("%", "%25", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal).Replace("/", EscapedSlash, StringComparison.Ordinal);
}
