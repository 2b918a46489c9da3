namespace Orders.Warehouse.Ledger;

/// <summary>A live file of the orders' log.</summary>
/// <param name="Path">Its path in the lake.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="IsCovered">Whether its changes are in the newest stored state.</param>
internal readonly record struct LoggedFile(string Path, long Rows, bool IsCovered);
