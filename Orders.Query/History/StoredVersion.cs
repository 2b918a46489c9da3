namespace Orders.Query.History;

/// <summary>A version as the read model remembers it.</summary>
/// <param name="Revision">Its number in the order's history, which rises with time: the version, as long as
/// every write raises that.</param>
/// <param name="MerchantId">Whose the order is.</param>
/// <param name="Change"><c>placed</c>, <c>changed</c> or <c>deleted</c>.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="Body">The rendered order; of a deletion, the last there was.</param>
/// <param name="Version">The version.</param>
internal sealed record StoredVersion(long Revision, string MerchantId, string Change, DateTimeOffset ChangedAt, byte[] Body, long Version);
