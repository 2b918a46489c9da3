using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Sync.Snapshots;

/// <summary>The progress of a snapshot, over all instances that have run it.</summary>
internal sealed record SnapshotProgress
{
    public required long SnapshotId { get; init; }

    /// <summary><c>snapshot</c> or <c>rebuild</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Why it was begun.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// What it does now: <c>scanning</c>, <c>removing</c>, <c>deriving</c>, <c>completed</c> or
    /// <c>stopped</c>.
    /// </summary>
    public required string Phase { get; init; }

    [JsonConverter(typeof(TimestampJsonConverter))]
    public required DateTimeOffset StartedAt { get; init; }

    [JsonConverter(typeof(TimestampJsonConverter))]
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The instance that runs it; null for none.</summary>
    public string? Owner { get; init; }

    /// <summary>
    /// Items of the table as the service estimates them; on AWS the estimate is up to six hours old.
    /// </summary>
    public required long ExpectedItems { get; init; }

    /// <summary>Items read, of any entity.</summary>
    public required long Items { get; init; }

    /// <summary>Orders among them.</summary>
    public required long Orders { get; init; }

    /// <summary>Orders that were missing or older, and were written.</summary>
    public required long Written { get; init; }

    /// <summary>Orders replaced although their version was right; by a rebuild only.</summary>
    public required long Replaced { get; init; }

    /// <summary>Orders removed because the table no longer has them.</summary>
    public required long Removed { get; init; }

    /// <summary>
    /// Items that claim to be orders and could not be written; they are listed in
    /// <c>sync.snapshot_faults</c>.
    /// </summary>
    public required long Broken { get; init; }

    /// <summary>Estimated progress of the scan, 0 to 100; 100 only when it is complete.</summary>
    public int Percent => Phase is "scanning" or "stopped"
        ? (int)Math.Min(99, ExpectedItems == 0 ? 0 : Items * 100 / ExpectedItems)
        : 100;
}
