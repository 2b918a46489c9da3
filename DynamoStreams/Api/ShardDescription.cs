namespace DynamoStreams.Api;

/// <summary>
/// A shard as the service lists it.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/Shard"/>
/// </summary>
/// <param name="ShardId">Its id.</param>
/// <param name="ParentShardId">The shard from which it was split; null for a first one. The parent may no
/// longer be listed.</param>
public sealed record ShardDescription(string ShardId, string? ParentShardId)
{
    /// <summary>
    /// The last sequence number of a closed shard; null while it is open. Emulators set it on open shards
    /// too, so it is no proof alone.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/DescribeStream"/>
    /// </summary>
    public string? EndingSequenceNumber { get; init; }
}
