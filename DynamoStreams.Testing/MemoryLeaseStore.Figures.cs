using DynamoStreams.Lineage;

namespace DynamoStreams.Testing;

/// <content>Figures that only a simulation needs.</content>
public sealed partial class MemoryLeaseStore
{
    /// <summary>How often anything has changed.</summary>
    internal int Changes { get; private set; }

    /// <summary>How many shards are stored, finished ones too.</summary>
    internal int Known => _rows.Count;

    /// <summary>How often a shard was added or finished.</summary>
    internal int ShardSets { get; private set; }

    /// <summary>Leases of shards that another instance had held before.</summary>
    internal long Moves { get; private set; }

    /// <summary>Called for every lease that is taken.</summary>
    internal Action<ShardKey>? Acquired { get; set; }

    /// <summary>The instances that are alive.</summary>
    internal IReadOnlyList<string> Alive => [.. _instances.Where(entry => entry.Value.AliveUntil >= Now).Select(entry => entry.Key)];

    /// <summary>The time since a shard was last read to its end; null when none was.</summary>
    internal TimeSpan? SinceEnd => Now - _rows.Values.Max(row => row.FinishedAt);

    /// <summary>The unfinished shards of a table whose streams have begun.</summary>
    internal IReadOnlyList<ShardState> OpenShards(string tableName) => OpenOf(tableName);

    /// <summary>Whether a child of the shard is stored.</summary>
    internal bool HasChild(ShardKey key) => _parents.Contains(key);

    internal bool IsUnfinished(ShardKey key) => Unfinished(key) is not null;

    /// <summary>The unfinished shards that an instance owns, or owned last.</summary>
    internal IEnumerable<ShardKey> OwnedBy(string owner) => _unfinished.Where(row => row.State.Owner == owner).Select(row => row.State.Key);

    /// <summary>
    /// How many shards each owner has; readable shards without an owner count under an empty name.
    /// </summary>
    internal Dictionary<string, int> Held() => _unfinished.Where(row => row.State.Owner is not null || !IsWaiting(row))
        .CountBy(row => row.State.Owner ?? "", StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The readable shard that has longest neither been caught up nor had anything applied: for how long,
    /// and its owner.
    /// </summary>
    internal (TimeSpan Silence, ShardState Shard)? Worst() => _unfinished.Where(row => !IsWaiting(row))
        .Select(row => ((TimeSpan Silence, ShardState Shard)?)(Now - Latest(row), row.State)).DefaultIfEmpty().MaxBy(entry => entry?.Silence);

    private bool IsWaiting(ShardRow row) => row.State.ParentKey is { } parent && Unfinished(parent) is not null;

    // Its silence begins when its parent has ended.
    private TimeSpan Latest(ShardRow row) =>
        row.State.ParentKey is { } parent && _rows.GetValueOrDefault(parent)?.FinishedAt is { } ended && ended > row.LastGoodAt ? ended : row.LastGoodAt;
}
