namespace Orders.Bench.Freshness;

/// <summary>How often a rival reads its shard.</summary>
/// <param name="Period">From one call of GetRecords to the next.</param>
/// <param name="GoesOnWhileRecordsCome">Whether it asks again at once after an answer with records.</param>
internal sealed record Pace(TimeSpan Period, bool GoesOnWhileRecordsCome);
