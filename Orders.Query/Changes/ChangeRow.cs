namespace Orders.Query.Changes;

/// <summary>A change in Postgres.</summary>
/// <param name="Position">Its position in the feed, with the order and the revision.</param>
/// <param name="Version">The version that the change made.</param>
/// <param name="MerchantId">Whose order it is.</param>
/// <param name="Change"><c>placed</c>, <c>changed</c> or <c>deleted</c>.</param>
/// <param name="ChangedAt">When it was written, by the writer's clock.</param>
/// <param name="ProjectedAt">When it was committed to Postgres.</param>
/// <param name="Body">The rendered order in this version; for a deletion, its last state.</param>
internal sealed record ChangeRow(ChangePosition Position, long Version, string MerchantId, string Change, DateTimeOffset ChangedAt, DateTimeOffset ProjectedAt, byte[] Body)
{
    /// <summary>Whether the order was deleted.</summary>
    public bool IsDeletion => Change == "deleted";
}
