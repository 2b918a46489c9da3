namespace Orders.Warehouse.Tables;

/// <summary>A table whose changes are written.</summary>
/// <param name="Log">Its log.</param>
/// <param name="SnapshotLsn">Changes that were committed before are in its snapshot.</param>
/// <param name="KeyColumns">The names of its key's columns, as they were at the snapshot.</param>
internal sealed record StreamedTable(string Log, ulong SnapshotLsn, IReadOnlyList<string> KeyColumns);
