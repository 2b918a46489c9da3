using DynamoStreams.Api;

namespace DynamoStreams.Lineage;

/// <summary>What a listing of a table's streams changes in what is written down.</summary>
public sealed record LineagePlan
{
    /// <summary>
    /// Shards to write down, each with a parent that is written down too, is listed here too, or is gone.
    /// </summary>
    public required IReadOnlyList<(string StreamArn, ShardDescription Shard)> Unknown { get; init; }

    /// <summary>
    /// Shards about which everything turns on whether they are gone or merely not listed: parents of listed
    /// ones, and finished ones. The service is to be asked for each, since a listing may be inconsistent for
    /// a moment.
    /// </summary>
    public required IReadOnlyList<ShardKey> Doubtful { get; init; }

    /// <summary>
    /// Finished shards that are gone and whose children nobody ever saw: what followed them is lost.
    /// </summary>
    public required IReadOnlyList<ShardState> BrokenOff { get; init; }

    /// <summary>
    /// Finished shards of enabled streams of which no child is known or listed, though every shard that ends
    /// there has children.
    /// </summary>
    public required IReadOnlyList<ShardKey> Childless { get; init; }

    /// <summary>Finished, gone, and all their children are finished too: may be deleted.</summary>
    public required IReadOnlyList<ShardState> Forgettable { get; init; }

    /// <summary>
    /// Streams to write down, oldest first. Their shards are written down at once, so that none is lost
    /// unseen, and read when it is their turn.
    /// </summary>
    public required IReadOnlyList<ShardListing> NewStreams { get; init; }

    /// <summary>Streams whose turn has come: every older one is drained.</summary>
    public required IReadOnlyList<string> Begins { get; init; }

    /// <summary>Streams written down that are not listed although a newer one is.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Streams that are listed and get no more records: DISABLED or DISABLING.</summary>
    public required IReadOnlyList<string> Disabled { get; init; }

    /// <summary>
    /// Whether any shard is listed or was before: a stream without shards is not found yet.
    /// </summary>
    public required bool HasShards { get; init; }

    /// <summary>Whether the listing leaves no question open; otherwise it pays to list again soon.</summary>
    public required bool IsSettled { get; init; }
}
