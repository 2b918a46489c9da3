using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Sync.Operations;

/// <summary>Where the replication stands.</summary>
/// <param name="Table">The table that is read.</param>
/// <param name="Instances">The instances of Orders.Sync that run now.</param>
/// <param name="Shards">Its shards that are known, open ones first.</param>
/// <param name="DeadLetters">What could not be applied.</param>
/// <param name="Gaps">What was lost before it was read.</param>
/// <param name="CacheRepairs">What Redis may lack.</param>
/// <param name="Doubts">What the table is to be asked for.</param>
internal sealed record SyncStatus(
    string Table, IReadOnlyList<string> Instances, IReadOnlyList<SyncStatus.Shard> Shards,
    SyncStatus.DeadLetterCount DeadLetters, SyncStatus.GapCount Gaps, SyncStatus.CacheRepairCount CacheRepairs, SyncStatus.DoubtCount Doubts)
{
    /// <summary>A shard.</summary>
    /// <param name="StreamArn">Its stream.</param>
    /// <param name="ShardId">Its id.</param>
    /// <param name="Owner">The instance that has the lease, also one that ran out; null for none.</param>
    /// <param name="Leased">Whether the lease still counts.</param>
    /// <param name="Finished">Whether it is applied to its end.</param>
    /// <param name="Checkpoint">The last record applied; null for none.</param>
    /// <param name="Records">Records applied.</param>
    /// <param name="LagSeconds">From the last change's own time to its commit here; null before the first.</param>
    /// <param name="AppliedAt">When the last record was committed.</param>
    /// <param name="CaughtUpAt">When its owner last found nothing left to read, or applied something.</param>
    internal sealed record Shard(
        string StreamArn, string ShardId, string? Owner, bool Leased, bool Finished, string? Checkpoint, long Records, double? LagSeconds,
        [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? AppliedAt,
        [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? CaughtUpAt);

    /// <summary>Dead letters.</summary>
    /// <param name="Items">Items that have some.</param>
    /// <param name="Failed">Records that were refused.</param>
    /// <param name="Waiting">Records that wait behind those.</param>
    /// <param name="OldestAt">Since when; null for none.</param>
    internal sealed record DeadLetterCount(long Items, long Failed, long Waiting, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? OldestAt);

    /// <summary>Gaps that no snapshot has healed yet.</summary>
    /// <param name="Open">How many.</param>
    /// <param name="OldestAt">Since when; null for none.</param>
    internal sealed record GapCount(long Open, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? OldestAt);

    /// <summary>Entries of the list of repairs: changes that were committed past Redis.</summary>
    /// <param name="Entries">How many.</param>
    /// <param name="Orders">Orders that they name.</param>
    /// <param name="OldestAt">Since when; null for none.</param>
    internal sealed record CacheRepairCount(long Entries, long Orders, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? OldestAt);

    /// <summary>Orders in doubt.</summary>
    /// <param name="Orders">How many.</param>
    /// <param name="OldestAt">Since when; null for none.</param>
    internal sealed record DoubtCount(long Orders, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? OldestAt);
}
