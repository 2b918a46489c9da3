namespace Orders.Sync.Snapshots;

/// <summary>The state that decides whether to run a snapshot.</summary>
/// <param name="OpenId">The snapshot that is begun and not completed; null for none.</param>
/// <param name="StoppedAt">When it was stopped; null when it was not.</param>
/// <param name="NewestGapAt">When the newest open gap was found; null when none is open.</param>
/// <param name="KnowsStream">Whether the stream's shards are stored: from then on every change arrives, or
/// leaves a gap.</param>
/// <param name="WasFilled">Whether a snapshot that began after the shards were stored was ever
/// completed.</param>
/// <param name="TableChangedAt">When the table took the place of another one; null when it did not, or a
/// rebuild was completed since.</param>
internal sealed record SnapshotState(
    long? OpenId, DateTimeOffset? StoppedAt, DateTimeOffset? NewestGapAt, bool KnowsStream, bool WasFilled, DateTimeOffset? TableChangedAt = null);
