namespace DynamoStreams.Progress;

/// <summary>This instance's progress in one shard that it holds.</summary>
public sealed record ShardProgress
{
    /// <summary>The shard's stream.</summary>
    public required string StreamArn { get; init; }

    /// <summary>The shard.</summary>
    public required string ShardId { get; init; }

    /// <summary>Whether the service had no more records, and all that were read are applied.</summary>
    public required bool IsCaughtUp { get; init; }

    /// <summary>
    /// When records were last committed, or the shard was last polled with nothing left to do; the start
    /// when neither has happened. By this process's clock.
    /// </summary>
    public required DateTimeOffset LastProgressAt { get; init; }

    /// <summary>Records applied or set aside.</summary>
    public required long Records { get; init; }

    /// <summary>Calls of GetRecords that succeeded.</summary>
    public required long Polls { get; init; }

    /// <summary>Those of them that returned no records.</summary>
    public required long IdlePolls { get; init; }
}
