namespace Orders.Query.Changes;

/// <summary>A page of the feed.</summary>
/// <param name="Head">The end of the feed when the page was read.</param>
/// <param name="Rows">The changes that match, in the feed's order.</param>
/// <param name="End">All matching changes up to this position are in this page or before it.</param>
/// <param name="IsFull">Whether more changes may be available now.</param>
internal sealed record ChangePage(FeedHead Head, IReadOnlyList<ChangeRow> Rows, ChangePosition End, bool IsFull);
