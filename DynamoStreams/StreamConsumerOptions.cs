using DynamoStreams.Applying;
using DynamoStreams.Listing;
using DynamoStreams.Scheduling;

namespace DynamoStreams;

/// <summary>What to consume, and how.</summary>
public sealed record StreamConsumerOptions
{
    /// <summary>The table whose streams are read.</summary>
    public required string TableName { get; init; }

    /// <summary>
    /// This instance's name; unique for each start, so that a new process does not inherit leases by name.
    /// </summary>
    public string Owner { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}";

    /// <summary>
    /// How long leases hold without a heartbeat: a killed instance's shards are taken over after this.
    /// </summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The time between two heartbeats, which keep this instance and its leases alive. Each is one round
    /// trip.
    /// </summary>
    public TimeSpan RenewInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time between two rounds that look for free shards; each is one read of the open shards. The
    /// shards of a stopped instance are taken over within this time.
    /// </summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a free shard is reserved for an instance that holds fewer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often the stream's shards are listed, by one instance for all. The end of a shard causes a
    /// listing at once.
    /// </summary>
    public TimeSpan ListInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The wait for the next listing when one leaves questions open; doubles up to
    /// <see cref="ListInterval"/>.
    /// </summary>
    public TimeSpan SoonestListInterval { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>The longest wait until a failed listing is retried.</summary>
    public TimeSpan LongestListBackoff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the current batch may continue after its shard is told to stop.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Records in a batch; one page more may be added.</summary>
    public int MaxBatch { get; init; } = 5_000;

    /// <summary>
    /// How long the first record of a batch may wait for others, so that batches become larger: for a
    /// handler whose effect costs much once, such as a file. Zero: a batch holds what was read while the one
    /// before was applied. A batch ends sooner when it is full (<see cref="MaxBatch"/>), when its shard
    /// ends, and when <see cref="ReadAheadBytes"/> are read.
    /// </summary>
    public TimeSpan BatchAge { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// Bytes read but not yet applied, over all shards; one page for each shard may be added.
    /// </summary>
    public long ReadAheadBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// Called for each failed heartbeat or read of the leases; both are retried. Null for none.
    /// </summary>
    public Action<Exception>? OnFailure { get; init; }

    /// <summary>How often shards are polled.</summary>
    public PollingOptions Polling { get; init; } = new();

    internal BatchBounds Bounds => new(MaxBatch, BatchAge, StopGrace);

    internal ListingPace ListingPace => new(TableName, SoonestListInterval, ListInterval);
}
