using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>The right to apply a shard's records.</summary>
/// <param name="StreamArn">The shard's stream.</param>
/// <param name="ShardId">The shard.</param>
/// <param name="FencingToken">Rises with every owner: a commit that names an older one fails.</param>
/// <param name="Checkpoint">The last sequence number that is committed; null when there is none.</param>
public sealed record ShardLease(string StreamArn, string ShardId, long FencingToken, string? Checkpoint)
{
    /// <summary>
    /// Whether no record was ever read of the shard, and it was found, and last read to where nothing was
    /// left, longer ago than the stream keeps records.
    /// </summary>
    public bool IsOverdue { get; init; }

    /// <summary>Names the shard among those of all streams.</summary>
    public ShardKey Key => new(StreamArn, ShardId);
}
