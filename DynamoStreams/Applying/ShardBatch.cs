using DynamoStreams.Api;
using DynamoStreams.Leases;

namespace DynamoStreams.Applying;

/// <summary>
/// Records of one shard, in order, to be applied and committed together with their checkpoint.
/// </summary>
/// <param name="Lease">The right to apply them.</param>
/// <param name="Records">The records; may be empty at a shard's end. Their images are valid until the batch
/// is applied.</param>
/// <param name="EndsShard">Whether nothing comes after them in this shard.</param>
public sealed record ShardBatch(ShardLease Lease, IReadOnlyList<StreamRecord> Records, bool EndsShard)
{
    /// <summary>
    /// How long ago the shard was last polled and had nothing more, before these records came; null when
    /// that never happened.
    /// </summary>
    public Func<TimeSpan>? SinceEmpty { get; init; }

    /// <summary>
    /// The sequence number to commit; null when there are no records: the committed one then stays.
    /// </summary>
    public string? Checkpoint => Records.Count == 0 ? null : Records[^1].SequenceNumber;
}
