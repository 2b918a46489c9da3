namespace DynamoStreams.Lineage;

/// <summary>What is known of a shard that was listed once: as a lease store has it.</summary>
/// <param name="StreamArn">Its stream.</param>
/// <param name="ShardId">Its id.</param>
/// <param name="ParentShardId">The shard it came from; null for a first one.</param>
/// <param name="Finished">Its end is reached and committed.</param>
/// <param name="Free">No instance holds a lease on it, or the lease has run out by the store's
/// clock.</param>
public sealed record ShardState(string StreamArn, string ShardId, string? ParentShardId, bool Finished, bool Free)
{
    /// <summary>Whose the lease is or was; null when it was given back.</summary>
    public string? Owner { get; init; }

    /// <summary>The newest owner's fencing token.</summary>
    public long FencingToken { get; init; }

    /// <summary>
    /// The last committed sequence number; null before the first commit. Set by
    /// <see cref="Leases.ILeaseStore.ReadLineageAsync"/> only.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>For how long nobody has held it, by the store's clock.</summary>
    public TimeSpan FreeFor { get; init; }

    /// <summary>
    /// Whether the table has a newer stream and no longer lists this one: nothing more can come.
    /// </summary>
    public bool IsStreamGone { get; init; }

    /// <summary>
    /// Whether its stream is not enabled any more, or the table has a newer one: then it is to end, and
    /// others may wait for that.
    /// </summary>
    public bool GetsNoMore { get; init; }

    /// <summary>
    /// Names the shard among those of all streams: shard ids are unique within a stream only.
    /// </summary>
    public ShardKey Key => new(StreamArn, ShardId);

    /// <summary>Names the shard's parent; null for a first one.</summary>
    public ShardKey? ParentKey => ParentShardId is null ? null : new(StreamArn, ParentShardId);
}
