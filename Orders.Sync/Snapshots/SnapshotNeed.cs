namespace Orders.Sync.Snapshots;

/// <summary>The next action on snapshots.</summary>
internal enum SnapshotNeed
{
    Nothing,

    /// <summary>One is open: run it, if no other instance does.</summary>
    Continue,

    /// <summary>The stream lost something.</summary>
    BeginForGap,

    /// <summary>The orders may be of a former table: a rebuild from the present one.</summary>
    BeginForTable,

    /// <summary>None was ever completed.</summary>
    BeginFirst,

    /// <summary>One was stopped before a gap and cannot heal it: begin another in its place.</summary>
    BeginAnew,
}
