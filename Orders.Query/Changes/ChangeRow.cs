namespace Orders.Query.Changes;

/// <summary>A change as Postgres has it.</summary>
/// <param name="Position">Its place in the feed, with the order and the revision.</param>
/// <param name="Version">The version that the change made.</param>
/// <param name="MerchantId">Whose order it is.</param>
/// <param name="Change"><c>placed</c>, <c>changed</c> or <c>deleted</c>.</param>
/// <param name="ChangedAt">When it was written, by the writer's clock.</param>
/// <param name="ProjectedAt">When Postgres took it.</param>
/// <param name="Body">The rendered order as of this version; of a deletion, the last there was.</param>
internal sealed record ChangeRow(ChangePosition Position, long Version, string MerchantId, string Change, DateTimeOffset ChangedAt, DateTimeOffset ProjectedAt, byte[] Body)
{
    /// <summary>Whether the order is gone.</summary>
    public bool IsDeletion => Change == "deleted";
}
