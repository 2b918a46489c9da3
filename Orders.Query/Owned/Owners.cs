using Orders.Query.Http;

namespace Orders.Query.Owned;

/// <summary>Whose the ids of a request are.</summary>
/// <param name="Asked">The ids.</param>
/// <param name="Found">Each with its merchant, in the place where it was asked for; null for what nobody has
/// whom the caller may see.</param>
/// <param name="Ambiguous">Those that several of the merchants use.</param>
internal sealed record Owners(IReadOnlyList<OwnedId> Asked, IReadOnlyList<OwnedId?> Found, IReadOnlySet<string> Ambiguous)
{
    /// <summary>Whether nothing is left to answer.</summary>
    public bool AllAreAmbiguous => Asked.All(IsAmbiguous);

    /// <summary>Whether an id needs its merchant's.</summary>
    public bool IsAmbiguous(OwnedId id) => id.MerchantId is null && Ambiguous.Contains(id.Id);

    /// <summary>What is wrong with ids of a list, those included that are ambiguous.</summary>
    public IReadOnlyList<ListProblem> Problems(AskedIds<OwnedId> list) => [.. list.Problems, .. Asked.Where(IsAmbiguous).Select(OwnedIds.Ambiguous)];
}
