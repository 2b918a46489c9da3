namespace Orders.Query.History;

/// <summary>A version in the history.</summary>
/// <param name="Revision">Its number in the order's history, which always rises. It equals the version as
/// long as every write raises the version.</param>
/// <param name="MerchantId">Whose the order is.</param>
/// <param name="Change"><c>placed</c>, <c>changed</c> or <c>deleted</c>.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="Body">The rendered order; for a deletion, its last state.</param>
/// <param name="Version">The version.</param>
internal sealed record StoredVersion(long Revision, string MerchantId, string Change, DateTimeOffset ChangedAt, byte[] Body, long Version);
