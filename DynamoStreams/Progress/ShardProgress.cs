namespace DynamoStreams.Progress;

/// <summary>How far this instance has come in one shard that it holds.</summary>
public sealed record ShardProgress
{
    /// <summary>The shard's stream.</summary>
    public required string StreamArn { get; init; }

    /// <summary>The shard.</summary>
    public required string ShardId { get; init; }

    /// <summary>Whether the service had nothing more, and all that was read is applied.</summary>
    public required bool IsCaughtUp { get; init; }

    /// <summary>
    /// When records were last committed, or the shard was asked for more and had nothing left to do; since
    /// the start when neither has happened. By this process' clock.
    /// </summary>
    public required DateTimeOffset LastProgressAt { get; init; }

    /// <summary>Records applied or set aside.</summary>
    public required long Records { get; init; }

    /// <summary>Calls of GetRecords that were answered.</summary>
    public required long Polls { get; init; }

    /// <summary>Those of them that brought nothing.</summary>
    public required long IdlePolls { get; init; }
}
