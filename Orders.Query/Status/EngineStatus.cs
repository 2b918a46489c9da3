namespace Orders.Query.Status;

/// <summary>A store as this service finds it.</summary>
/// <param name="Ok">Whether requests are served from it.</param>
/// <param name="LatencyMs">How long an answer took, in milliseconds; null when there was none.</param>
/// <param name="Problem">Why not.</param>
internal sealed record EngineStatus(bool Ok, double? LatencyMs, string? Problem = null);
