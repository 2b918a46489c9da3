namespace Orders.Query.Status;

/// <summary>The state of the stream that Orders.Sync has stored, at one moment.</summary>
/// <param name="Now">The database's clock.</param>
/// <param name="Shards">Every shard that is known.</param>
/// <param name="ListedAt">When the shards were last listed; null when unknown.</param>
internal sealed record ReplicationState(DateTimeOffset Now, IReadOnlyList<ShardFreshness> Shards, DateTimeOffset? ListedAt);
