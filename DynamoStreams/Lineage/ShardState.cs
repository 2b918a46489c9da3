namespace DynamoStreams.Lineage;

/// <summary>The stored state of a shard.</summary>
/// <param name="StreamArn">Its stream.</param>
/// <param name="ShardId">Its id.</param>
/// <param name="ParentShardId">The shard from which it was split; null for a first one.</param>
/// <param name="Finished">Whether it is read to its end and that is committed.</param>
/// <param name="Free">Whether no instance holds a lease on it, or the lease has expired by the store's
/// clock.</param>
public sealed record ShardState(string StreamArn, string ShardId, string? ParentShardId, bool Finished, bool Free)
{
    /// <summary>The current or last owner of the lease; null when it was released.</summary>
    public string? Owner { get; init; }

    /// <summary>The newest owner's fencing token.</summary>
    public long FencingToken { get; init; }

    /// <summary>
    /// The last committed sequence number; null before the first commit. Set by
    /// <see cref="Leases.ILeaseStore.ReadLineageAsync"/> only.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>For how long it has been free, by the store's clock.</summary>
    public TimeSpan FreeFor { get; init; }

    /// <summary>
    /// Whether the table has a newer stream and this one is no longer listed: no more records can come.
    /// </summary>
    public bool IsStreamGone { get; init; }

    /// <summary>
    /// Whether its stream is no longer enabled or the table has a newer one. The shard must then end, and
    /// other shards may wait for it.
    /// </summary>
    public bool GetsNoMore { get; init; }

    /// <summary>
    /// Identifies the shard among those of all streams: shard ids are unique within a stream only.
    /// </summary>
    public ShardKey Key => new(StreamArn, ShardId);

    /// <summary>Identifies the shard's parent; null for a first one.</summary>
    public ShardKey? ParentKey => ParentShardId is null ? null : new(StreamArn, ParentShardId);
}
