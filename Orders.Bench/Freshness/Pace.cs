namespace Orders.Bench.Freshness;

/// <summary>How often a rival reads its shard.</summary>
/// <param name="Period">The time from one GetRecords call to the next.</param>
/// <param name="GoesOnWhileRecordsCome">Whether it polls again at once after a response with
/// records.</param>
internal sealed record Pace(TimeSpan Period, bool GoesOnWhileRecordsCome);
