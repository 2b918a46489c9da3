
namespace Orders.Sync.Status;

/// <summary>The state of the table's shards, over all instances; by the database's clock.</summary>
internal sealed record ShardsState
{
    /// <summary>
    /// How long a listing of the shards is valid: they are listed every ten seconds, but listing a very
    /// large stream takes longer.
    /// </summary>
    public static readonly TimeSpan ListingHolds = TimeSpan.FromMinutes(1);

    /// <summary>Shards that are not read to their end.</summary>
    public required long Open { get; init; }

    /// <summary>The time since a shard was last read to its end; null when none was.</summary>
    public TimeSpan? SinceEnd { get; init; }

    /// <summary>
    /// For how long the slowest shard has neither been caught up nor applied anything. A shard that waits
    /// for its parent does not count.
    /// </summary>
    public TimeSpan Silence { get; init; }

    /// <summary>That shard.</summary>
    public string? Worst { get; init; }

    /// <summary>The instance that holds it; null for none.</summary>
    public string? Holder { get; init; }

    /// <summary>For how long orders have been in doubt without any being read from the table.</summary>
    public TimeSpan InDoubt { get; init; }

    /// <summary>
    /// The lag: how long ago everything in the stream was known to be applied. The slowest shard counts.
    /// Null when no shard may be read.
    /// </summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>The time since the shards were last listed; null when they never were.</summary>
    public TimeSpan? SinceListing { get; init; }
}
