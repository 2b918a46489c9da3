namespace Orders.Query.Changes;

/// <summary>A page of the feed.</summary>
/// <param name="Head">How far the database had come when it was read.</param>
/// <param name="Rows">The changes that match, in the feed's order.</param>
/// <param name="End">All matching changes up to here are in this page or before it.</param>
/// <param name="IsFull">Whether there may be more at once.</param>
internal sealed record ChangePage(FeedHead Head, IReadOnlyList<ChangeRow> Rows, ChangePosition End, bool IsFull);
