using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace DynamoStreams.Testing;

/// <summary>
/// The lease store in memory, by the rules of the one in Postgres (<c>LeaseStoreCompliance</c>). A test's
/// handler commits by <see cref="Commit(ShardBatch)"/> where one on Postgres would commit its transaction.
/// Safe to call from several threads.
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

    // Rises with every change of what a look shows.
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

    /// <summary>Every gap that was written down.</summary>
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

    /// <summary>How far a shard is applied.</summary>
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

        /// <summary>Listings in a row that lacked it although they had a newer one.</summary>
        public int Missing { get; set; }
    }

    private sealed class ShardRow(ShardState state)
    {
        public ShardState State { get; set; } = state;

        /// <summary>Null until its stream is written down.</summary>
        public StreamRow? Stream { get; set; }

        /// <summary>When nobody owns it: since when it is free.</summary>
        public TimeSpan LeasedUntil { get; set; }

        public string? Checkpoint { get; set; }

        /// <summary>When it was found, or last had something applied or nothing left.</summary>
        public TimeSpan LastGoodAt { get; set; }

        public TimeSpan? FinishedAt { get; set; }

        public MemoryTransaction? LockedBy { get; set; }
    }
}
