namespace DynamoStreams.Lineage;

/// <summary>What is known of a shard that was listed once: its row in <c>sync.shards</c>.</summary>
/// <param name="StreamArn">Its stream.</param>
/// <param name="ShardId">Its id.</param>
/// <param name="ParentShardId">The shard it came from; null for a first one.</param>
/// <param name="Finished">Its end is reached and committed.</param>
/// <param name="Free">No instance holds a lease on it, or the lease has run out by the database's clock.</param>
public sealed record ShardState(string StreamArn, string ShardId, string? ParentShardId, bool Finished, bool Free);
