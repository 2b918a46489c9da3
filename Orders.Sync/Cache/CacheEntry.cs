namespace Orders.Sync.Cache;

/// <summary>The new entry of an order in Redis.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Version">Its version; of a tombstone, that of the deletion.</param>
/// <param name="MerchantId">Its merchant.</param>
/// <param name="Body">The rendered order; null for a tombstone.</param>
internal sealed record CacheEntry(Guid OrderId, long Version, string MerchantId, byte[]? Body)
{
    /// <summary>
    /// Whether the version identifies the state: no other state that a reader may have seen has this
    /// version.
    /// </summary>
    public bool IsToldByVersion { get; init; }
}
