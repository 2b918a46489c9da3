namespace Orders.Sync.Cache;

/// <summary>What Redis is to hold for an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Version">Its version; of a tombstone, that of the deletion.</param>
/// <param name="MerchantId">Its merchant.</param>
/// <param name="Body">The rendered order; null for a tombstone.</param>
internal sealed record CacheEntry(Guid OrderId, long Version, string MerchantId, byte[]? Body)
{
    /// <summary>
    /// Whether an entry of this version can only be this state: no other that a reader may have met has it.
    /// </summary>
    public bool IsToldByVersion { get; init; }
}
