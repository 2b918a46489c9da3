using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace DynamoStreams.Testing;

/// <summary>
/// A lease store in memory, with the same rules as the one in Postgres (<c>LeaseStoreCompliance</c>). A
/// test's handler calls <see cref="Commit(ShardBatch)"/> where a Postgres handler commits its transaction.
/// Thread-safe.
/// </summary>
public sealed partial class MemoryLeaseStore : ILeaseStore
{
    private static readonly TimeSpan StreamsMemory = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private readonly Func<TimeSpan>? _clock;
    private readonly Dictionary<string, StreamRow> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<ShardKey, ShardRow> _rows = [];
    private readonly HashSet<ShardKey> _parents = [];
    private readonly List<ShardRow> _unfinished = [];
    private readonly List<StoredGap> _gaps = [];

    // Rises with every change of the lease view.
    private long _version;

    /// <summary>Makes an empty store.</summary>
    /// <param name="time">The store's own clock, by which leases and listings are judged.</param>
    public MemoryLeaseStore(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var origin = time.GetTimestamp();
        _clock = () => time.GetElapsedTime(origin);
    }

    /// <summary>Makes an empty store for a simulation.</summary>
    /// <param name="clock">The store's own clock. Without one it stands still, and a listing is always
    /// due.</param>
    internal MemoryLeaseStore(Func<TimeSpan>? clock = null) => _clock = clock;

    /// <summary>Every recorded gap.</summary>
    public IReadOnlyList<StoredGap> Gaps
    {
        get
        {
            lock (_lock)
            {
                return [.. _gaps];
            }
        }
    }

    private TimeSpan Now => _clock?.Invoke() ?? TimeSpan.Zero;

    /// <summary>The checkpoint of a shard.</summary>
    /// <param name="key">The shard.</param>
    /// <returns>The last sequence number that was committed; null when there is none, or no such
    /// shard.</returns>
    public string? CheckpointOf(ShardKey key)
    {
        lock (_lock)
        {
            return _rows.GetValueOrDefault(key)?.Checkpoint;
        }
    }

    /// <summary>Commits a batch's checkpoint, at once.</summary>
    /// <param name="batch">The batch.</param>
    /// <exception cref="LeaseLostException">Another instance owns the shard, or it is finished; nothing was
    /// committed.</exception>
    public void Commit(ShardBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_lock)
        {
            if (TryBegin(batch.Lease) is not { } transaction || !Commit(transaction, batch.Checkpoint, batch.EndsShard))
            {
                throw new LeaseLostException(batch.Lease.ShardId);
            }
        }
    }

    private ShardRow? Unfinished(ShardKey key) => _rows.TryGetValue(key, out var row) && !row.State.Finished ? row : null;

    private void NoteGap(ShardKey key, string reason, string? after) => _gaps.Add(new StoredGap(key.StreamArn, key.ShardId, reason, after));

    private void Change()
    {
        Changes++;
        _version++;
    }

    private sealed class StreamRow(string tableName, string streamArn, string label)
    {
        public string TableName => tableName;

        public string StreamArn => streamArn;

        public string Label => label;

        public bool Begun { get; set; }

        public bool IsDisabled { get; set; }

        /// <summary>Listings in a row that omitted it although they had a newer one.</summary>
        public int Missing { get; set; }
    }

    private sealed class ShardRow(ShardState state)
    {
        public ShardState State { get; set; } = state;

        /// <summary>Null until its stream is stored.</summary>
        public StreamRow? Stream { get; set; }

        /// <summary>Without an owner: since when it is free.</summary>
        public TimeSpan LeasedUntil { get; set; }

        public string? Checkpoint { get; set; }

        /// <summary>When it was found, last applied something, or last had nothing left.</summary>
        public TimeSpan LastGoodAt { get; set; }

        public TimeSpan? FinishedAt { get; set; }

        public MemoryTransaction? LockedBy { get; set; }
    }
}
