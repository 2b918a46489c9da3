using DynamoStreams.Listing;
using DynamoStreams.Scheduling;

namespace DynamoStreams;

/// <summary>What to consume, and how.</summary>
public sealed record StreamConsumerOptions
{
    /// <summary>The table whose streams are read.</summary>
    public required string TableName { get; init; }

    /// <summary>
    /// This instance's name among those that share the work; unique for each start, so that nobody inherits
    /// a lease by name.
    /// </summary>
    public string Owner { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}";

    /// <summary>
    /// How long leases hold without a heartbeat: a killed instance's shards are taken over after this.
    /// </summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Between two heartbeats, which keep this instance and its leases alive: one round trip each.
    /// </summary>
    public TimeSpan RenewInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often free shards are looked for: one read of the open shards each. A stopped instance's shards
    /// are taken over within this.
    /// </summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a free shard is left to an instance that holds fewer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often the stream's shards are listed when nothing has happened, by one instance for all; a
    /// shard's end makes it happen at once.
    /// </summary>
    public TimeSpan ListInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How soon the shards are listed again when a listing leaves questions open; doubles up to
    /// <see cref="ListInterval"/>.
    /// </summary>
    public TimeSpan SoonestListInterval { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>The longest wait until a listing that failed is tried again.</summary>
    public TimeSpan LongestListBackoff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a batch that is being applied may go on after its shard is to be stopped.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Records in a batch; a page more may come on top.</summary>
    public int MaxBatch { get; init; } = 5_000;

    /// <summary>
    /// Bytes read but not yet applied, over all shards; a page for each shard may come on top.
    /// </summary>
    public long ReadAheadBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// Callback for each failed heartbeat or look at the leases, both of which are retried; null for none.
    /// </summary>
    public Action<Exception>? OnFailure { get; init; }

    /// <summary>How often shards are asked for more.</summary>
    public PollingOptions Polling { get; init; } = new();

    internal ListingPace ListingPace => new(TableName, SoonestListInterval, ListInterval);
}
