namespace Orders.Query.Changes;

/// <summary>Which changes a client follows. What is null does not filter.</summary>
internal sealed record ChangeFilter
{
    /// <summary>Every change there is.</summary>
    public static readonly ChangeFilter Everything = new();

    /// <summary>The merchants; null for all. Always set for a caller restricted to some merchants.</summary>
    public IReadOnlySet<string>? Merchants { get; init; }

    public Guid? OrderId { get; init; }

    public string? CustomerId { get; init; }

    public bool Matches(ChangeEvent change) =>
        (Merchants is null || Merchants.Contains(change.MerchantId))
        && (OrderId is null || OrderId == change.Position.OrderId)
        && (CustomerId is null || CustomerId == change.CustomerId);
}
