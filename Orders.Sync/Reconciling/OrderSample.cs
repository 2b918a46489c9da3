using Orders.Domain;
using Orders.Sync.Cache;
using Orders.Sync.Projection;
using Orders.Sync.Repair;

namespace Orders.Sync.Reconciling;

/// <summary>An order in all stores at about one moment.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Truth">The order in the table; null when it has none.</param>
/// <param name="Stored">The order in Postgres; null when it has none.</param>
/// <param name="Entry">The entry in Redis; null when it has none.</param>
internal sealed record OrderSample(Guid OrderId, Order? Truth, StoredOrder? Stored, CachedEntry? Entry)
{
    /// <summary>The differences in both stores.</summary>
    public IReadOnlyList<Difference> Differences =>
    [
        .. Difference.In("postgres", OrderId, OrderComparison.Compare(Truth, Stored)),
        .. Difference.In("redis", OrderId, OrderComparison.Compare(Truth, Entry)),
    ];

    /// <summary>
    /// Equal for two samples if nothing has changed between them. A difference that the stream is just
    /// removing changes it.
    /// </summary>
    public string Signature =>
        $"{Truth?.Version}|{Stored?.Version} {Stored?.UpdatedAt.Ticks} {Stored?.Lines.Count}|{(OrderComparison.Compare(Truth, Entry).Any() ? Entry?.Signature : "")}";
}
