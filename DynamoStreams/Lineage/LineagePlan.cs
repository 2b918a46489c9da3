using DynamoStreams.Api;

namespace DynamoStreams.Lineage;

/// <summary>The changes that a listing of a table's streams makes in the store.</summary>
public sealed record LineagePlan
{
    /// <summary>
    /// Shards to store. The parent of each is stored, or is stored by this plan too, or no longer exists.
    /// </summary>
    public required IReadOnlyList<(string StreamArn, ShardDescription Shard)> Unknown { get; init; }

    /// <summary>
    /// Shards that are not listed, where it matters whether they still exist: parents of listed shards, and
    /// finished shards. The service is asked for each by name, since a listing may be inconsistent for a
    /// moment.
    /// </summary>
    public required IReadOnlyList<ShardKey> Doubtful { get; init; }

    /// <summary>
    /// Finished shards that no longer exist and whose children were never seen: the records after them are
    /// lost.
    /// </summary>
    public required IReadOnlyList<ShardState> BrokenOff { get; init; }

    /// <summary>
    /// Finished shards of enabled streams without a known or listed child, although every shard that ends
    /// there has children.
    /// </summary>
    public required IReadOnlyList<ShardKey> Childless { get; init; }

    /// <summary>
    /// Finished shards that no longer exist and whose children are all finished: they may be deleted.
    /// </summary>
    public required IReadOnlyList<ShardState> Forgettable { get; init; }

    /// <summary>
    /// Streams to store, oldest first. Their shards are stored at once, so that none is lost unnoticed. They
    /// are read after the older streams.
    /// </summary>
    public required IReadOnlyList<ShardListing> NewStreams { get; init; }

    /// <summary>Streams that may be read now: every older one is drained.</summary>
    public required IReadOnlyList<string> Begins { get; init; }

    /// <summary>Stored streams that are not listed although a newer one is.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>
    /// Listed streams that receive no more records: DISABLED or DISABLING.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/DescribeStream"/>
    /// </summary>
    public required IReadOnlyList<string> Disabled { get; init; }

    /// <summary>
    /// Whether any shard is or was listed: a stream without shards does not count as found.
    /// </summary>
    public required bool HasShards { get; init; }

    /// <summary>Whether the listing settles everything; otherwise the next one should come soon.</summary>
    public required bool IsSettled { get; init; }
}
