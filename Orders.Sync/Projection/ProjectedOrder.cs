namespace Orders.Sync.Projection;

/// <summary>The state of an order after a commit.</summary>
/// <param name="OrderId">Its id.</param>
/// <param name="Version">Its version; for a deletion the tombstone's.</param>
/// <param name="MerchantId">Whose it is.</param>
/// <param name="Body">The rendered JSON; null when it is deleted.</param>
internal sealed record ProjectedOrder(Guid OrderId, long Version, string MerchantId, byte[]? Body);
