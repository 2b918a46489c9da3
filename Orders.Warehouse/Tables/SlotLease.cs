namespace Orders.Warehouse.Tables;

/// <summary>The right to read the slot and to write its tables' logs, until another instance takes
/// it.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Epoch">The fencing token.</param>
internal sealed record SlotLease(string Slot, long Epoch);
