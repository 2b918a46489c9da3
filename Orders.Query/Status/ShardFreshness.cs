namespace Orders.Query.Status;

/// <summary>
/// What Orders.Sync has noted of a shard, as far as it tells how current the read model is. Times are the
/// database's.
/// </summary>
internal sealed record ShardFreshness
{
    /// <summary>Whose shard it is: two streams of a table may use one id.</summary>
    public required string StreamArn { get; init; }

    public required string ShardId { get; init; }

    public string? ParentShardId { get; init; }

    /// <summary>Whether an instance holds its lease now.</summary>
    public bool Owned { get; init; }

    /// <summary>Records applied so far.</summary>
    public long Records { get; init; }

    /// <summary>When it was first seen in the stream.</summary>
    public required DateTimeOffset DiscoveredAt { get; init; }

    /// <summary>The item's own time of the last change that was applied.</summary>
    public DateTimeOffset? LastChangeAt { get; init; }

    /// <summary>When that change was committed here.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>
    /// When its owner last asked for more and there was nothing, all before that being here.
    /// </summary>
    public DateTimeOffset? CaughtUpAt { get; init; }

    /// <summary>
    /// Up to when all of it is known to be here: <see cref="CaughtUpAt"/>, or a later time that the stream's
    /// records tell. Never by a writer's clock.
    /// </summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>When its end was reached; null while it is open.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}
