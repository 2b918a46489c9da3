using Microsoft.Net.Http.Headers;

namespace Orders.Api.Http;

/// <summary>
/// The versions that a request says it knows (RFC 9110, 13.1.1). Compared strongly: a weak tag never
/// matches, and neither does one that is no version of ours.
/// </summary>
internal sealed class IfMatch
{
    public const string Header = "If-Match";
    public const string Rule = "must be * or a list of entity tags in double quotes, such as \"3\"";

    private readonly IList<EntityTagHeaderValue>? _tags;

    private IfMatch(IList<EntityTagHeaderValue>? tags) => _tags = tags;

    /// <summary>Any version will do: no header, or <c>*</c>.</summary>
    public static IfMatch Any { get; } = new(null);

    public bool IsAny => _tags is null;

    /// <summary>Reads the header.</summary>
    /// <returns>False when it is neither <c>*</c> nor a list of entity tags.</returns>
    public static bool TryRead(IHeaderDictionary headers, out IfMatch ifMatch)
    {
        ifMatch = Any;
        // An empty one is none that says any version: a client that has lost the tag would else change
        // whatever is there.
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

    /// <summary>Whether it can match no version for the sake of its weak tags alone.</summary>
    public bool HasWeakTagsOnly => _tags is not null && _tags.All(tag => tag.IsWeak);

    public bool Allows(long version) => _tags is null || _tags.Any(tag => !tag.IsWeak && tag.Tag.Equals($"\"{version}\"", StringComparison.Ordinal));
}
