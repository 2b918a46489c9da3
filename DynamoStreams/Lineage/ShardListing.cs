using DynamoStreams.Api;

namespace DynamoStreams.Lineage;

/// <summary>A stream with all of its shards that the service lists now.</summary>
/// <param name="StreamArn">The stream.</param>
/// <param name="Shards">Its shards, from every page.</param>
public sealed record ShardListing(string StreamArn, IReadOnlyList<ShardDescription> Shards)
{
    /// <summary>When the stream was created, in the service's format; sorts by time.</summary>
    public string Label { get; init; } = "";

    /// <summary>
    /// Whether the stream receives records, or will: it is ENABLED or ENABLING.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/DescribeStream"/>
    /// </summary>
    public bool IsEnabled { get; init; } = true;
}
