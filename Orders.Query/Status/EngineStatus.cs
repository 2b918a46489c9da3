namespace Orders.Query.Status;

/// <summary>The state of a store, as this service sees it.</summary>
/// <param name="Ok">Whether requests are served from it.</param>
/// <param name="LatencyMs">How long an answer took, in milliseconds; null when there was none.</param>
/// <param name="Problem">The problem; null for none.</param>
internal sealed record EngineStatus(bool Ok, double? LatencyMs, string? Problem = null);
