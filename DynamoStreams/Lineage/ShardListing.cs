using DynamoStreams.Api;

namespace DynamoStreams.Lineage;

/// <summary>A stream with all shards that the service lists of it now.</summary>
/// <param name="StreamArn">The stream.</param>
/// <param name="Shards">Its shards, from every page.</param>
public sealed record ShardListing(string StreamArn, IReadOnlyList<ShardDescription> Shards);
