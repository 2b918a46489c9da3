namespace Orders.Query.History;

/// <summary>A part of an order's history.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="MerchantId">Whose it is, or was.</param>
/// <param name="Earlier">The newest version before this part; null when there is none.</param>
/// <param name="Versions">Oldest first.</param>
/// <param name="NextAfterRevision">The last revision of this part if there are later ones.</param>
internal sealed record OrderHistory(Guid OrderId, string MerchantId, StoredVersion? Earlier, IReadOnlyList<StoredVersion> Versions, long? NextAfterRevision)
{
    /// <summary>The version before one of these; null when unknown.</summary>
    public StoredVersion? Before(StoredVersion version) =>
        Versions.Prepend(Earlier).FirstOrDefault(other => other?.Revision == version.Revision - 1);
}
