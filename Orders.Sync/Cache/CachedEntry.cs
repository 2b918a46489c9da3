
namespace Orders.Sync.Cache;

/// <summary>An order's entry as it is stored in Redis.</summary>
/// <param name="Version">The version's text.</param>
/// <param name="MerchantId">The merchant.</param>
/// <param name="Body">The rendered order; null in a tombstone.</param>
internal sealed record CachedEntry(string? Version, string? MerchantId, byte[]? Body)
{
    /// <summary>Equal for entries of the same content.</summary>
    public string Signature => $"{Version} {MerchantId} {(Body is null ? "" : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Body)))}";
}
