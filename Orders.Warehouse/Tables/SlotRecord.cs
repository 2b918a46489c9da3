namespace Orders.Warehouse.Tables;

/// <summary>What the ledger knows of the slot.</summary>
/// <param name="Publication">The publication; null before there was one.</param>
/// <param name="MadeLsn">The slot's consistent point; null when there is none.</param>
/// <param name="Position">The last change that is stored.</param>
internal sealed record SlotRecord(uint? Publication, ulong? MadeLsn, Place Position);
