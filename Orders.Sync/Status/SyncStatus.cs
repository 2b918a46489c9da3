using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Sync.Status;

/// <summary>Where the replication stands.</summary>
/// <param name="Table">The table that is read.</param>
/// <param name="Instances">The instances of Orders.Sync that run now.</param>
/// <param name="Shards">Its shards that are known, open ones first.</param>
/// <param name="ListedAt">When it was last looked which shards there are; null when it never was.</param>
/// <param name="DeadLetters">What could not be applied.</param>
/// <param name="Gaps">What was lost before it was read.</param>
/// <param name="CacheRepairs">What Redis may lack.</param>
/// <param name="Doubts">What the table is to be asked for.</param>
/// <param name="PassedOver">Changes that were not applied, since they were not surely later than what is
/// here, by cause.</param>
internal sealed record SyncStatus(
    string Table, IReadOnlyList<string> Instances, IReadOnlyList<SyncStatus.Shard> Shards,
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? ListedAt,
    SyncStatus.DeadLetterCount DeadLetters, SyncStatus.GapCount Gaps, SyncStatus.CacheRepairCount CacheRepairs, SyncStatus.DoubtCount Doubts,
    IReadOnlyList<SyncStatus.PassedOverCount> PassedOver)
{
    /// <summary>A shard.</summary>
    /// <param name="StreamArn">Its stream.</param>
    /// <param name="ShardId">Its id.</param>
    /// <param name="Owner">The instance that has the lease, also one that ran out; null for none.</param>
    /// <param name="Leased">Whether the lease still counts.</param>
    /// <param name="Finished">Whether it is applied to its end.</param>
    /// <param name="Checkpoint">The last record applied; null for none.</param>
    /// <param name="Records">Records applied.</param>
    /// <param name="LagSeconds">How long ago all of it was known to be here; null where that is not known,
    /// and of a shard that is finished.</param>
    /// <param name="AppliedAt">When the last record was committed.</param>
    /// <param name="CaughtUpAt">When its owner last asked for more and there was nothing, all before that
    /// being applied.</param>
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

    /// <summary>Changes that were passed over for one cause, since the read model began.</summary>
    /// <param name="Cause">The cause.</param>
    /// <param name="Changes">How many.</param>
    /// <param name="LastOrderId">The order of the last of them.</param>
    /// <param name="LastAt">When that was.</param>
    internal sealed record PassedOverCount(string Cause, long Changes, Guid LastOrderId, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? LastAt);

    /// <summary>Orders in doubt.</summary>
    /// <param name="Orders">How many.</param>
    /// <param name="OldestAt">Since when; null for none.</param>
    internal sealed record DoubtCount(long Orders, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? OldestAt);
}
