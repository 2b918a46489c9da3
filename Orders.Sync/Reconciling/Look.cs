using Orders.Domain;
using Orders.Sync.Cache;
using Orders.Sync.Projection;
using Orders.Sync.Repair;

namespace Orders.Sync.Reconciling;

/// <summary>An order in all stores at about one moment.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Truth">As the table has it; null where it has none.</param>
/// <param name="Stored">As Postgres has it; null where it has none.</param>
/// <param name="Entry">As Redis has it; null where it has none.</param>
internal sealed record Look(Guid OrderId, Order? Truth, StoredOrder? Stored, CachedEntry? Entry)
{
    /// <summary>What differs, in both stores.</summary>
    public IReadOnlyList<Difference> Differences =>
    [
        .. Difference.In("postgres", OrderId, OrderComparison.Compare(Truth, Stored)),
        .. Difference.In("redis", OrderId, OrderComparison.Compare(Truth, Entry)),
    ];

    /// <summary>
    /// Equal for two looks between which nothing has moved: a difference that is on its way changes it.
    /// </summary>
    public string Signature =>
        $"{Truth?.Version}|{Stored?.Version} {Stored?.UpdatedAt.Ticks} {Stored?.Lines.Count}|{(OrderComparison.Compare(Truth, Entry).Any() ? Entry?.Signature : "")}";
}
