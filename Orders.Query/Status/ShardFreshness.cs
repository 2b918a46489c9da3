namespace Orders.Query.Status;

/// <summary>
/// The stored state of a shard, as far as it matters for the lag. Times are by the database's clock.
/// </summary>
internal sealed record ShardFreshness
{
    /// <summary>The stream: two streams of a table may use the same shard id.</summary>
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

    /// <summary>When that change was committed to Postgres.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>When its owner last polled without result, with everything before applied.</summary>
    public DateTimeOffset? CaughtUpAt { get; init; }

    /// <summary>
    /// The time up to which all of it is known to be applied: <see cref="CaughtUpAt"/>, or a later time from
    /// the stream's records. Never by a writer's clock.
    /// </summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>When its end was reached; null while it is open.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}
