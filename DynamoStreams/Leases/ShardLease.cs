using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>The right to apply a shard's records.</summary>
/// <param name="StreamArn">The shard's stream.</param>
/// <param name="ShardId">The shard.</param>
/// <param name="FencingToken">Rises with every owner: a commit with an older token fails.</param>
/// <param name="Checkpoint">The last sequence number that is committed; null when there is none.</param>
public sealed record ShardLease(string StreamArn, string ShardId, long FencingToken, string? Checkpoint)
{
    /// <summary>
    /// Whether records of the shard may be lost: none is checkpointed, and it was found, and last read to
    /// its current end, longer ago than the stream's retention of 24 hours.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/>
    /// </summary>
    public bool IsOverdue { get; init; }

    /// <summary>Identifies the shard among those of all streams.</summary>
    public ShardKey Key => new(StreamArn, ShardId);
}
