namespace Orders.Warehouse.Tables;

/// <summary>What the server says of the slot and the publication.</summary>
/// <param name="Exists">Whether there is the slot.</param>
/// <param name="WalStatus"><c>wal_status</c>; null for no slot.</param>
/// <param name="Invalidation">Why the slot is invalid; null when it is valid.</param>
/// <param name="ActivePid">The process that reads it; null for none.</param>
/// <param name="Publication">The publication's oid; null for none.</param>
/// <param name="Lsn">The end of the write-ahead log.</param>
internal sealed record SlotLook(bool Exists, string? WalStatus, string? Invalidation, int? ActivePid, uint? Publication, ulong Lsn);
