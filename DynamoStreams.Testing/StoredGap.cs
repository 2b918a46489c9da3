namespace DynamoStreams.Testing;

/// <summary>A part of a stream that is lost, as a lease store has written it down.</summary>
/// <param name="StreamArn">The stream.</param>
/// <param name="ShardId">The shard; empty when it is not one of a shard.</param>
/// <param name="Reason">What happened, for a person.</param>
/// <param name="After">The last sequence number that was applied before it; null when there was
/// none.</param>
public sealed record StoredGap(string StreamArn, string ShardId, string Reason, string? After);
