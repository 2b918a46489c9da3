using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Sync.Status;

/// <summary>The status of the replication.</summary>
/// <param name="Table">The table that is read.</param>
/// <param name="Instances">The instances of Orders.Sync that run now.</param>
/// <param name="Shards">Its shards that are known, open ones first.</param>
/// <param name="ListedAt">When the shards were last listed; null when they never were.</param>
/// <param name="DeadLetters">Records that could not be applied.</param>
/// <param name="Gaps">Records that were lost before they were read.</param>
/// <param name="CacheRepairs">Changes that Redis may lack.</param>
/// <param name="Doubts">Orders that must be read from the table.</param>
/// <param name="PassedOver">Changes that were not applied because they were not certainly later than the
/// stored state, by cause.</param>
internal sealed record SyncStatus(
    string Table, IReadOnlyList<string> Instances, IReadOnlyList<SyncStatus.Shard> Shards,
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? ListedAt,
    SyncStatus.DeadLetterCount DeadLetters, SyncStatus.GapCount Gaps, SyncStatus.CacheRepairCount CacheRepairs, SyncStatus.DoubtCount Doubts,
    IReadOnlyList<SyncStatus.PassedOverCount> PassedOver)
{
    /// <summary>A shard.</summary>
    /// <param name="StreamArn">Its stream.</param>
    /// <param name="ShardId">Its id.</param>
    /// <param name="Owner">The instance that has the lease, even if it has expired; null for none.</param>
    /// <param name="Leased">Whether the lease is valid.</param>
    /// <param name="Finished">Whether it is applied to its end.</param>
    /// <param name="Checkpoint">The last record applied; null for none.</param>
    /// <param name="Records">Records applied.</param>
    /// <param name="LagSeconds">How long ago all of it was known to be applied; null when unknown, and for a
    /// finished shard.</param>
    /// <param name="AppliedAt">When the last record was committed.</param>
    /// <param name="CaughtUpAt">When its owner last polled without result, with everything before
    /// applied.</param>
    internal sealed record Shard(
        string StreamArn, string ShardId, string? Owner, bool Leased, bool Finished, string? Checkpoint, long Records, double? LagSeconds,
        [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? AppliedAt,
        [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? CaughtUpAt);

    /// <summary>Dead letters.</summary>
    /// <param name="Items">Items that have dead letters.</param>
    /// <param name="Failed">Records that failed.</param>
    /// <param name="Waiting">Records that wait for those.</param>
    /// <param name="OldestAt">Since when; null for none.</param>
    internal sealed record DeadLetterCount(long Items, long Failed, long Waiting, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? OldestAt);

    /// <summary>Gaps that no snapshot has healed yet.</summary>
    /// <param name="Open">How many.</param>
    /// <param name="OldestAt">Since when; null for none.</param>
    internal sealed record GapCount(long Open, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? OldestAt);

    /// <summary>Entries of the list of repairs: changes that bypassed Redis.</summary>
    /// <param name="Entries">How many.</param>
    /// <param name="Orders">Orders that they name.</param>
    /// <param name="OldestAt">Since when; null for none.</param>
    internal sealed record CacheRepairCount(long Entries, long Orders, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? OldestAt);

    /// <summary>Changes that were passed over for one cause, since the read model was created.</summary>
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
