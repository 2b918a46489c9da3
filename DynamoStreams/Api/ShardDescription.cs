namespace DynamoStreams.Api;

/// <summary>A shard as the service lists it.</summary>
/// <param name="ShardId">Its id.</param>
/// <param name="ParentShardId">The shard it came from; null for a first one. May name a shard that is no
/// longer listed.</param>
public sealed record ShardDescription(string ShardId, string? ParentShardId)
{
    /// <summary>
    /// The last sequence number of a shard that has ended; null while it is open. An emulator sets it on
    /// open shards too: by itself it proves nothing.
    /// </summary>
    public string? EndingSequenceNumber { get; init; }
}
