namespace DynamoStreams.Api;

/// <summary>
/// A shard as the service lists it. Its EndingSequenceNumber is left out on purpose: an emulator sets it on open shards, so that
/// only a null next iterator says that a shard has ended.
/// </summary>
/// <param name="ShardId">Its id.</param>
/// <param name="ParentShardId">The shard it came from; null for a first one. May name a shard that is no longer listed.</param>
public sealed record ShardDescription(string ShardId, string? ParentShardId);
