namespace Orders.Query.Status;

/// <summary>The state of the replication in Postgres, at one moment.</summary>
/// <param name="Replication">The state of the stream's shards.</param>
/// <param name="DeadLetters">Records that could not be applied, and those that wait for them.</param>
/// <param name="Gaps">Open gaps.</param>
/// <param name="CacheRepairs">Batches that Redis may lack.</param>
/// <param name="Doubts">Orders in doubt, to be read from the table.</param>
/// <param name="PassedOver">Changes that were passed over, by cause.</param>
internal sealed record ReadModelStatus(
    ReplicationState Replication, long DeadLetters, long Gaps, long CacheRepairs, long Doubts, IReadOnlyDictionary<string, long> PassedOver);
