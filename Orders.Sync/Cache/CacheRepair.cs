namespace Orders.Sync.Cache;

/// <summary>Orders whose change is being committed and that Redis does not have yet: a row of <c>sync.cache_repairs</c>.</summary>
/// <param name="RepairId">The row.</param>
/// <param name="OrderIds">The orders.</param>
/// <param name="Replaces">Whether what Redis has of them may be wrong at any version: it is then replaced, not merely brought up to date.</param>
internal sealed record CacheRepair(Guid RepairId, Guid[] OrderIds, bool Replaces = false);
