using Microsoft.AspNetCore.Http.Features;

namespace Orders.Query.Http;

/// <summary>
/// Ids of merchants, customers and products, which are the merchant's own texts. A reader takes whatever the
/// read model may hold: what may be written is said elsewhere, and was said otherwise before.
/// </summary>
internal static class TextIds
{
    /// <summary>What no id is, to go on from "is not".</summary>
    public const string Expected = "1 to 2048 characters without U+0000.";

    /// <summary>Longer ones fit no index of Postgres.</summary>
    private const int MaxLength = 2_048;

    private const string EscapedSlash = "%2F";

    /// <summary>Whether there can be something of this id.</summary>
    public static bool MayExist(string id) => id.Length > 0 && IsText(id);

    /// <summary>The same, of the id of one whose merchant is known: it may have been empty.</summary>
    public static bool IsText(string id) => id.Length <= MaxLength && !id.Contains('\0', StringComparison.Ordinal);

    /// <summary>
    /// The id in a path's last place. The platform leaves an escaped slash as it is, so that it cannot be
    /// told from an id that has just these characters.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="id">As the platform read it.</param>
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

    /// <summary>Writes an id into a list of them, in which a comma and a slash have a meaning.</summary>
    public static string Escape(string id) =>
        id.AsSpan().IndexOfAny('%', ',', '/') < 0
            ? id
            : id.Replace("%", "%25", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal).Replace("/", EscapedSlash, StringComparison.Ordinal);
}
