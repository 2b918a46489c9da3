using Orders.Query.Http;

namespace Orders.Query.Owned;

/// <summary>The merchants of the ids of a request.</summary>
/// <param name="Asked">The ids.</param>
/// <param name="Found">Each id with its merchant, at its requested position; null when no visible merchant
/// has it.</param>
/// <param name="Ambiguous">The ids that several of the merchants use.</param>
internal sealed record Owners(IReadOnlyList<OwnedId> Asked, IReadOnlyList<OwnedId?> Found, IReadOnlySet<string> Ambiguous)
{
    /// <summary>Whether every id is ambiguous.</summary>
    public bool AllAreAmbiguous => Asked.All(IsAmbiguous);

    /// <summary>Whether an id is ambiguous without its merchant.</summary>
    public bool IsAmbiguous(OwnedId id) => id.MerchantId is null && Ambiguous.Contains(id.Id);

    /// <summary>The problems with ids of a list, including ambiguous ones.</summary>
    public IReadOnlyList<ListProblem> Problems(AskedIds<OwnedId> list) => [.. list.Problems, .. Asked.Where(IsAmbiguous).Select(OwnedIds.Ambiguous)];
}
