namespace Orders.Query.Cache;

/// <summary>An order in Postgres.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="MerchantId">Whose it is.</param>
/// <param name="Version">Its version; of a tombstone, the version of the deletion.</param>
/// <param name="Body">The same bytes that Orders.Sync puts into Redis; null for a tombstone.</param>
internal sealed record VersionedOrder(Guid OrderId, string MerchantId, long Version, byte[]? Body);
