namespace Orders.Query.Changes;

/// <summary>Which changes a client follows. What is null does not filter.</summary>
internal sealed record ChangeFilter
{
    /// <summary>Every change there is.</summary>
    public static readonly ChangeFilter Everything = new();

    /// <summary>
    /// Whose orders; null for every merchant's. A caller who may not see all has one of these always.
    /// </summary>
    public IReadOnlySet<string>? Merchants { get; init; }

    public Guid? OrderId { get; init; }

    public string? CustomerId { get; init; }

    public bool Matches(ChangeEvent change) =>
        (Merchants is null || Merchants.Contains(change.MerchantId))
        && (OrderId is null || OrderId == change.Position.OrderId)
        && (CustomerId is null || CustomerId == change.CustomerId);
}
