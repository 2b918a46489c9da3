namespace Orders.Query;

/// <summary>What Postgres tells of the replication, as of one moment.</summary>
/// <param name="Now">The database's clock.</param>
/// <param name="Shards">Every shard that is known.</param>
/// <param name="DeadLetters">Records that could not be applied, and those that wait behind them.</param>
/// <param name="Gaps">Parts of the stream that were lost and are not healed.</param>
/// <param name="CacheRepairs">Batches that Redis should have by now and perhaps does not.</param>
internal sealed record ReadModelStatus(DateTimeOffset Now, IReadOnlyList<ShardState> Shards, long DeadLetters, long Gaps, long CacheRepairs);
