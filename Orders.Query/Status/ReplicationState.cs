namespace Orders.Query.Status;

/// <summary>What Orders.Sync has noted of the stream, as of one moment.</summary>
/// <param name="Now">The database's clock.</param>
/// <param name="Shards">Every shard that is known.</param>
/// <param name="ListedAt">When it was last looked which shards there are; null when that is not
/// known.</param>
internal sealed record ReplicationState(DateTimeOffset Now, IReadOnlyList<ShardFreshness> Shards, DateTimeOffset? ListedAt);
