using System.Collections.Concurrent;
using DynamoStreams.Lineage;

namespace DynamoStreams.Progress;

/// <summary>What a consumer has done since it started. Safe to read at any time.</summary>
public sealed class ConsumerProgress
{
    // A call that takes longer counts as failing: it may never be answered.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<ShardKey, DateTimeOffset> _unreadable = [];
    private readonly ConcurrentDictionary<ShardKey, DateTimeOffset> _underWay = [];
    private long _heartbeatAt;
    private long _records;
    private long _batches;
    private volatile IReadOnlyList<ShardProgress> _shards = [];
    private volatile bool _hasListed;
    private volatile string? _obstacle;
    private volatile string? _delay;

    internal ConsumerProgress()
    {
    }

    /// <summary>Records applied or set aside.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>Batches committed.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Shards that this instance holds a lease on.</summary>
    public int ShardsHeld => _shards.Count;

    /// <summary>The shards that this instance holds, as of its last read of the leases.</summary>
    public IReadOnlyList<ShardProgress> Shards => _shards;

    /// <summary>Whether the stream and its shards have been found.</summary>
    public bool HasListed => _hasListed;

    /// <summary>
    /// For how long the slowest shard has neither been caught up nor committed anything; zero without
    /// shards.
    /// </summary>
    /// <param name="now">The time, by the consumer's own clock.</param>
    public TimeSpan StalledFor(DateTimeOffset now) => _shards.Select(shard => now - shard.LastProgressAt).Append(TimeSpan.Zero).Max();

    /// <summary>
    /// The fault that an operator must fix before batches can be applied, such as a missing permission; null
    /// when there is none.
    /// </summary>
    public string? Obstacle => _obstacle;

    /// <summary>
    /// Why a single record is not applied in time; null when there is none. The record is retried until it
    /// succeeds.
    /// </summary>
    public string? Delay => _delay;

    /// <summary>
    /// Time since this instance's last heartbeat; before the first one, since it began to run; zero before
    /// that.
    /// </summary>
    /// <param name="now">The time, by the consumer's own clock.</param>
    public TimeSpan SinceHeartbeat(DateTimeOffset now) =>
        Interlocked.Read(ref _heartbeatAt) is > 0 and var ticks ? now - new DateTimeOffset(ticks, TimeSpan.Zero) : TimeSpan.Zero;

    /// <summary>
    /// For how long every read of the worst shard has failed or has not been answered; zero when all shards
    /// can be read.
    /// </summary>
    /// <param name="now">The time, by the consumer's own clock.</param>
    public TimeSpan ReadsFailFor(DateTimeOffset now) =>
        _unreadable.Values.Concat(_underWay.Values.Where(since => now - since > LongestCall)).Select(since => now - since).Append(TimeSpan.Zero).Max();

    internal void Began(DateTimeOffset now) => Interlocked.CompareExchange(ref _heartbeatAt, now.UtcTicks, 0);

    internal void Heartbeat(DateTimeOffset now) => Interlocked.Exchange(ref _heartbeatAt, now.UtcTicks);

    internal void ReadBegan(ShardKey shard, DateTimeOffset now) => _underWay[shard] = now;

    internal void ReadEnded(ShardKey shard) => _underWay.TryRemove(shard, out _);

    internal void ReadFailed(ShardKey shard, DateTimeOffset began) => _unreadable.TryAdd(shard, began);

    internal void ReadSucceeded(ShardKey shard)
    {
        // Usually there is nothing to remove.
        if (!_unreadable.IsEmpty)
        {
            _unreadable.TryRemove(shard, out _);
        }
    }

    internal void Delayed(string? delay) => _delay = delay;

    internal void Obstructed(string? obstacle) => _obstacle = obstacle;

    internal void Applied(int records)
    {
        Interlocked.Add(ref _records, records);
        Interlocked.Increment(ref _batches);
    }

    internal void Listed() => _hasListed = true;

    internal void Holds(IReadOnlyList<ShardProgress> shards)
    {
        _shards = shards;
        foreach (var shard in _unreadable.Keys.Except(shards.Select(held => new ShardKey(held.StreamArn, held.ShardId))))
        {
            _unreadable.TryRemove(shard, out _);
        }
    }
}
