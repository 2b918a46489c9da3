using Microsoft.Net.Http.Headers;

namespace Orders.Api.Http;

/// <summary>
/// The versions in <c>If-Match</c> (RFC 9110, 13.1.1). Strong comparison: a weak tag never matches, and
/// neither does a tag that is not one of our versions.
/// </summary>
internal sealed class IfMatch
{
    public const string Header = "If-Match";
    public const string Rule = "must be * or a list of entity tags in double quotes, such as \"3\"";

    private readonly IList<EntityTagHeaderValue>? _tags;

    private IfMatch(IList<EntityTagHeaderValue>? tags) => _tags = tags;

    /// <summary>Any version matches: no header, or <c>*</c>.</summary>
    public static IfMatch Any { get; } = new(null);

    public bool IsAny => _tags is null;

    /// <summary>Reads the header.</summary>
    /// <returns>False when it is neither <c>*</c> nor a list of entity tags.</returns>
    public static bool TryRead(IHeaderDictionary headers, out IfMatch ifMatch)
    {
        ifMatch = Any;
        // An empty If-Match is invalid, not <c>*</c>: otherwise a client that lost the tag would overwrite
        // any version.
        if (!headers.TryGetValue(Header, out var header))
        {
            return true;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags) || tags.Count == 0)
        {
            return false;
        }

        if (tags.Contains(EntityTagHeaderValue.Any))
        {
            return tags.Count == 1;
        }

        ifMatch = new IfMatch(tags);
        return true;
    }

    /// <summary>Whether it can match no version because all its tags are weak.</summary>
    public bool HasWeakTagsOnly => _tags is not null && _tags.All(tag => tag.IsWeak);

    public bool Allows(long version) => _tags is null || _tags.Any(tag => !tag.IsWeak && tag.Tag.Equals($"\"{version}\"", StringComparison.Ordinal));
}
