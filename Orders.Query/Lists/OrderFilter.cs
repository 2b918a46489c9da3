using Orders.Domain;

namespace Orders.Query.Lists;

/// <summary>Which orders a list is of. What is null does not filter.</summary>
internal sealed record OrderFilter
{
    /// <summary>
    /// Whose orders; null for every merchant's. A caller who may not see all has one of these always.
    /// </summary>
    public IReadOnlyList<string>? Merchants { get; init; }

    public string? CustomerId { get; init; }

    public OrderStatus? Status { get; init; }

    public Currency? Currency { get; init; }

    /// <summary>Placed at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Placed before this time.</summary>
    public DateTimeOffset? To { get; init; }
}
