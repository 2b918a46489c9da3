
namespace Orders.Sync.Repair;

/// <summary>The kinds of scans of the whole table.</summary>
internal enum SnapshotKind
{
    /// <summary>
    /// Writes orders that are missing or older than in the table; removes orders that the table no longer
    /// has.
    /// </summary>
    Snapshot,

    /// <summary>
    /// Also replaces orders that differ at the same version, and recomputes the derived tables.
    /// </summary>
    Rebuild,
}
