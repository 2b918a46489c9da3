namespace Orders.Query.History;

/// <summary>A part of what is remembered of an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="MerchantId">Whose it is, or was.</param>
/// <param name="Earlier">The newest version before this part; null when none is remembered.</param>
/// <param name="Versions">Oldest first.</param>
/// <param name="NextAfterRevision">The last of these when there are later ones.</param>
internal sealed record OrderHistory(Guid OrderId, string MerchantId, StoredVersion? Earlier, IReadOnlyList<StoredVersion> Versions, long? NextAfterRevision)
{
    /// <summary>The version before one of these; null where it is not remembered.</summary>
    public StoredVersion? Before(StoredVersion version) =>
        Versions.Prepend(Earlier).FirstOrDefault(other => other?.Revision == version.Revision - 1);
}
