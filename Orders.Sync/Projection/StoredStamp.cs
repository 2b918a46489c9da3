using System.Numerics;

namespace Orders.Sync.Projection;

/// <summary>The stored state of an order: its row, or the tombstone of its deletion.</summary>
/// <param name="IsDeleted">Whether it is the tombstone.</param>
/// <param name="Stamp">The state; a tombstone has no time of its own.</param>
/// <param name="Place">The place of the record that wrote it; null when it was read from the table.</param>
internal sealed record StoredStamp(bool IsDeleted, OrderStamp Stamp, BigInteger? Place);
