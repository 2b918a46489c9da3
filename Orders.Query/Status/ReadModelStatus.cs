namespace Orders.Query.Status;

/// <summary>What Postgres tells of the replication, as of one moment.</summary>
/// <param name="Replication">How the stream is read.</param>
/// <param name="DeadLetters">Records that could not be applied, and those that wait behind them.</param>
/// <param name="Gaps">Parts of the stream that were lost and are not healed.</param>
/// <param name="CacheRepairs">Batches that Redis should have by now and perhaps does not.</param>
/// <param name="Doubts">Orders that the table is to be asked for.</param>
/// <param name="PassedOver">Changes that were passed over, by cause.</param>
internal sealed record ReadModelStatus(
    ReplicationState Replication, long DeadLetters, long Gaps, long CacheRepairs, long Doubts, IReadOnlyDictionary<string, long> PassedOver);
