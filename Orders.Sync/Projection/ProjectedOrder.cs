namespace Orders.Sync.Projection;

/// <summary>An order as it stands when a transaction is committed.</summary>
/// <param name="OrderId">Its id.</param>
/// <param name="Version">Its version; of a deletion its tombstone's.</param>
/// <param name="MerchantId">Whose it is.</param>
/// <param name="Body">Rendered as it is served; null where it is deleted.</param>
internal sealed record ProjectedOrder(Guid OrderId, long Version, string MerchantId, byte[]? Body);
