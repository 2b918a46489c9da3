using Orders.Domain;

namespace Orders.Query.Lists;

/// <summary>The filter of a list of orders. What is null does not filter.</summary>
internal sealed record OrderFilter
{
    /// <summary>The merchants; null for all. Always set for a caller restricted to some merchants.</summary>
    public IReadOnlyList<string>? Merchants { get; init; }

    public string? CustomerId { get; init; }

    public OrderStatus? Status { get; init; }

    public Currency? Currency { get; init; }

    /// <summary>Placed at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Placed before this time.</summary>
    public DateTimeOffset? To { get; init; }
}
