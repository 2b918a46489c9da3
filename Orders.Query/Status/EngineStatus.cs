namespace Orders.Query;

/// <summary>A store as this service finds it.</summary>
/// <param name="Ok">Whether it answered.</param>
/// <param name="LatencyMs">How long that took, in milliseconds; null when it did not.</param>
/// <param name="Problem">Why not.</param>
internal sealed record EngineStatus(bool Ok, double? LatencyMs, string? Problem = null);
