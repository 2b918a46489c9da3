namespace DynamoStreams.Lineage;

/// <summary>Identifies a shard among those of all streams.</summary>
/// <param name="StreamArn">Its stream.</param>
/// <param name="ShardId">Its id, unique within the stream.</param>
public readonly record struct ShardKey(string StreamArn, string ShardId);
