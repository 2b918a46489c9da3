
namespace Orders.Sync.Status;

/// <summary>How the shards of the table are, whoever holds them; by the database's clock.</summary>
internal sealed record ShardsState
{
    /// <summary>
    /// How long a listing of the shards holds: they are listed every ten seconds, and those of a very large
    /// stream take a while.
    /// </summary>
    public static readonly TimeSpan ListingHolds = TimeSpan.FromMinutes(1);

    /// <summary>Shards that are not read to their end.</summary>
    public required long Open { get; init; }

    /// <summary>Since the last shard was read to its end; null when none was.</summary>
    public TimeSpan? SinceEnd { get; init; }

    /// <summary>
    /// For how long the shard that is worst off has neither been caught up nor had anything applied. Who
    /// waits for its parent does not count.
    /// </summary>
    public TimeSpan Silence { get; init; }

    /// <summary>That shard.</summary>
    public string? Worst { get; init; }

    /// <summary>Who holds it; null for nobody.</summary>
    public string? Holder { get; init; }

    /// <summary>For how long orders have been in doubt without any being looked up in the table.</summary>
    public TimeSpan InDoubt { get; init; }

    /// <summary>
    /// How long ago everything in the stream was known to be here: the shard that is worst off counts. Null
    /// when none may be read.
    /// </summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Since it was last looked which shards there are; null when it never was.</summary>
    public TimeSpan? SinceListing { get; init; }
}
