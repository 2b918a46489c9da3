namespace DynamoStreams.Api;

/// <summary>
/// One page of DescribeStream.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/DescribeStream"/>
/// </summary>
/// <param name="Status">ENABLING, ENABLED, DISABLING or DISABLED.</param>
/// <param name="ViewType">What its records hold: NEW_AND_OLD_IMAGES, NEW_IMAGE, OLD_IMAGE or
/// KEYS_ONLY.</param>
/// <param name="Shards">Up to 100 shards.</param>
/// <param name="LastShardId">The shard after which the next page starts; null on the last page.</param>
public sealed record StreamDescription(string Status, string ViewType, IReadOnlyList<ShardDescription> Shards, string? LastShardId);
