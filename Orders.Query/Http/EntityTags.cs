using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Orders.Query.Http;

/// <summary>
/// Entity tags of orders: the version is enough, since an order never changes within one version.
/// </summary>
internal static class EntityTags
{
    // Nearly every order has one of these versions, so their tags are cached.
    private static readonly string[] Low = [.. Enumerable.Range(0, 64).Select(version => Make(version))];

    /// <summary>The strong tag of a version.</summary>
    public static string Of(long version) => version >= 0 && version < Low.Length ? Low[version] : Make(version);

    /// <summary>
    /// Whether <c>If-None-Match</c> names the tag: in a list, weak, or by <c>*</c> (RFC 9110, 13.1.2). A
    /// malformed header names nothing.
    /// </summary>
    public static bool Match(StringValues ifNoneMatch, string tag)
    {
        if (ifNoneMatch.Count == 0)
        {
            return false;
        }

        if (ifNoneMatch.Count == 1 && ifNoneMatch[0] == tag)
        {
            return true;
        }

        if (!EntityTagHeaderValue.TryParseList(ifNoneMatch, out var named))
        {
            return false;
        }

        var own = new EntityTagHeaderValue(tag);
        return named.Any(other => other.Equals(EntityTagHeaderValue.Any) || other.Compare(own, useStrongComparison: false));
    }

    private static string Make(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
