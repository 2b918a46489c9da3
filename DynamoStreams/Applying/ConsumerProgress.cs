namespace DynamoStreams.Applying;

/// <summary>What a consumer has done since it started. Safe to read at any time.</summary>
public sealed class ConsumerProgress
{
    private long _records;
    private long _batches;
    private volatile IReadOnlyList<ShardProgress> _shards = [];
    private volatile bool _hasListed;
    private volatile string? _obstacle;
    private volatile string? _delay;

    /// <summary>Records applied or set aside.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>Batches committed.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Shards that this instance holds a lease on.</summary>
    public int ShardsHeld => _shards.Count;

    /// <summary>The shards that this instance holds, as of its last look at the leases.</summary>
    public IReadOnlyList<ShardProgress> Shards => _shards;

    /// <summary>Whether the stream and its shards have been found.</summary>
    public bool HasListed => _hasListed;

    /// <summary>For how long the shard that is worst off has neither been caught up nor had anything committed; zero without shards.</summary>
    /// <param name="now">The time, by the consumer's own clock.</param>
    public TimeSpan StalledFor(DateTimeOffset now) => _shards.Select(shard => now - shard.LastProgressAt).Append(TimeSpan.Zero).Max();

    /// <summary>What keeps batches from being applied until a person mends it, such as a missing right; null while nothing does.</summary>
    public string? Obstacle => _obstacle;

    /// <summary>What keeps a single record from being applied in time; null while nothing does. It is tried until it succeeds.</summary>
    public string? Delay => _delay;

    internal void Delayed(string? delay) => _delay = delay;

    internal void Obstructed(string? obstacle) => _obstacle = obstacle;

    internal void Applied(ShardBatch batch)
    {
        Interlocked.Add(ref _records, batch.Records.Count);
        Interlocked.Increment(ref _batches);
    }

    internal void Listed() => _hasListed = true;

    internal void Holds(IReadOnlyList<ShardProgress> shards) => _shards = shards;
}
