namespace Orders.Query.Status;

/// <summary>
/// Judges the warehouse by its ledger. It is current only when the ledger says so: nothing follows from what
/// is empty.
/// </summary>
internal static class WarehouseReport
{
    // A file is written every minute at the latest, unless the settings say otherwise; the stack's alarm has
    // the same threshold.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    /// <summary>There is no ledger.</summary>
    public static WarehouseAnswer Absent { get; } = new() { State = "absent", Problem = "The database has no ledger of a warehouse: Orders.Warehouse has never run here." };

    /// <summary>Nothing can be said.</summary>
    /// <param name="problem">Why, as a sentence.</param>
    public static WarehouseAnswer Unknown(string problem) => new() { State = "unknown", Problem = problem };

    /// <summary>What the ledger says.</summary>
    public static WarehouseAnswer Of(LedgerState ledger)
    {
        var (state, problem) = Judge(ledger);
        return new()
        {
            State = state,
            Problem = problem,
            LagMs = (long?)ledger.Lag?.TotalMilliseconds,
            NewestFileMs = (long?)ledger.NewestFile?.TotalMilliseconds,
            Rows = ledger.Rows,
            Quarantined = ledger.Quarantined,
            SlotLagBytes = ledger.Slot?.LagBytes,
        };
    }

    private static (string State, string? Problem) Judge(LedgerState ledger) => ledger switch
    {
        { Instances: 0 } => ("behind", "No instance of Orders.Warehouse is running."),
        { Gaps: > 0 } => ("degraded", "It has lost changes; a snapshot is to bring them back."),
        { Quarantined: > 0 } => ("degraded", "Records in the quarantine cannot be typed: mend them, then 'requeue' of Orders.Warehouse."),
        { Slot.IsThere: false } => ("degraded", "Its replication slot is missing or lost; a new one is to be made."),
        { Slot.IsRead: false } => ("degraded", "Its SQL tables are not read: 'status' of Orders.Warehouse says why."),
        { Slot.Refused: > 0 } => ("degraded", "A SQL table cannot be read: 'status' of Orders.Warehouse says why."),
        { Lag: { } lag } when lag >= Late => ("behind", "It is more than five minutes behind the stream."),
        { Slot.Lag: { } lag } when lag >= Late => ("behind", "It is more than five minutes behind its SQL tables."),
        { Lag: null } => ("unknown", "How far it is behind the stream is not known."),
        { Slot: { Lag: null } } => ("unknown", "How far it is behind its SQL tables is not known."),
        { Slot: { IsThere: null } } => ("unknown", "Its replication slot cannot be seen from this reader of the database."),
        { NewestFile: null } => ("unknown", "It has no file yet."),
        _ => ("current", null),
    };
}
