namespace DynamoStreams.Api;

/// <summary>A page of what DescribeStream knows.</summary>
/// <param name="Status">ENABLING, ENABLED, DISABLING or DISABLED.</param>
/// <param name="ViewType">What its records hold: NEW_AND_OLD_IMAGES, NEW_IMAGE, OLD_IMAGE or
/// KEYS_ONLY.</param>
/// <param name="Shards">Up to 100 shards.</param>
/// <param name="LastShardId">Where the next page starts after; null on the last page.</param>
public sealed record StreamDescription(string Status, string ViewType, IReadOnlyList<ShardDescription> Shards, string? LastShardId);
