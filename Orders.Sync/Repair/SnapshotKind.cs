
namespace Orders.Sync.Repair;

/// <summary>What a pass over the whole table does.</summary>
internal enum SnapshotKind
{
    /// <summary>
    /// Writes what is missing here or older than in the table; removes what the table no longer has.
    /// </summary>
    Snapshot,

    /// <summary>
    /// Also replaces what differs from the table at the same version, and computes again what is derived
    /// from orders.
    /// </summary>
    Rebuild,
}
