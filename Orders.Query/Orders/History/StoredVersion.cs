namespace Orders.Query;

/// <summary>A version as the read model remembers it.</summary>
/// <param name="Version">The version.</param>
/// <param name="MerchantId">Whose the order is.</param>
/// <param name="Change"><c>placed</c>, <c>changed</c> or <c>deleted</c>.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="Body">The rendered order; of a deletion, the last there was.</param>
internal sealed record StoredVersion(long Version, string MerchantId, string Change, DateTimeOffset ChangedAt, byte[] Body);
