namespace Orders.Query.Status;

/// <summary>What the warehouse's ledger says, at one moment. Times are by the database's clock.</summary>
/// <param name="Instances">Instances of Orders.Warehouse that are alive.</param>
/// <param name="Gaps">Lost parts of the stream or of the slot that no snapshot has healed yet.</param>
/// <param name="Lag">The time since when not everything in the stream is in a file; null when
/// unknown.</param>
/// <param name="NewestFile">The age of the newest file; null for none.</param>
/// <param name="Rows">The rows of the live files.</param>
/// <param name="Quarantined">Records in the quarantine.</param>
/// <param name="Slot">The replication slot; null when no SQL tables are read.</param>
internal sealed record LedgerState(int Instances, long Gaps, TimeSpan? Lag, TimeSpan? NewestFile, long Rows, long Quarantined, LedgerState.SlotState? Slot)
{
    /// <summary>The replication slot.</summary>
    /// <param name="IsThere">Whether Postgres has it, and it is valid; null when this server cannot
    /// tell.</param>
    /// <param name="IsRead">Whether an instance holds it, and says of no problem.</param>
    /// <param name="Lag">The time since when not everything that was committed is in a file; null when
    /// unknown.</param>
    /// <param name="LagBytes">The log that Postgres keeps for it; null when unknown.</param>
    /// <param name="Refused">SQL tables that cannot be read.</param>
    internal sealed record SlotState(bool? IsThere, bool IsRead, TimeSpan? Lag, long? LagBytes, long Refused);
}
