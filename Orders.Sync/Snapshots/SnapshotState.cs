namespace Orders.Sync.Snapshots;

/// <summary>What decides whether a snapshot is to be run.</summary>
/// <param name="OpenId">The snapshot that is begun and not completed; null for none.</param>
/// <param name="StoppedAt">When somebody stopped it; null when nobody did.</param>
/// <param name="NewestGapAt">When the newest open gap was found; null when none is open.</param>
/// <param name="KnowsStream">The stream's shards are written down: whatever happens from now on arrives, or
/// leaves a gap.</param>
/// <param name="WasFilled">A snapshot that began beside the stream was completed once.</param>
internal sealed record SnapshotState(long? OpenId, DateTimeOffset? StoppedAt, DateTimeOffset? NewestGapAt, bool KnowsStream, bool WasFilled);
