using DynamoStreams.Api;

namespace DynamoStreams.Lineage;

/// <summary>A stream with all shards that the service lists of it now.</summary>
/// <param name="StreamArn">The stream.</param>
/// <param name="Shards">Its shards, from every page.</param>
public sealed record ShardListing(string StreamArn, IReadOnlyList<ShardDescription> Shards)
{
    /// <summary>When the service made the stream, as the service writes it; sorts by time.</summary>
    public string Label { get; init; } = "";

    /// <summary>Whether the stream still gets records, or will: it is ENABLED or ENABLING.</summary>
    public bool IsEnabled { get; init; } = true;
}
