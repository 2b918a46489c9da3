namespace Orders.Warehouse.Snapshots;

/// <summary>Another instance runs the snapshot now; nothing was committed.</summary>
/// <param name="id">The snapshot.</param>
internal sealed class LogSnapshotLostException(long id) : Exception($"Another instance runs snapshot {id} now.");
