namespace Orders.Sync.Snapshots;

/// <summary>What is to be done about snapshots now.</summary>
internal enum SnapshotNeed
{
    Nothing,

    /// <summary>One is open: run it, if no other instance does.</summary>
    Continue,

    /// <summary>The stream lost something.</summary>
    BeginForGap,

    /// <summary>None was ever completed.</summary>
    BeginFirst,

    /// <summary>
    /// One was stopped, and cannot heal the gap that came after: begin another in its place.
    /// </summary>
    BeginAnew,
}
