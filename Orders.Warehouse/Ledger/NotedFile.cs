namespace Orders.Warehouse.Ledger;

/// <summary>A file as the ledger has it before it is live.</summary>
/// <param name="Path">Its path in the lake.</param>
/// <param name="Log">Its log, such as <c>orders_changes</c>.</param>
/// <param name="Day">The UTC day of all of its changes.</param>
/// <param name="First">The first place of its range.</param>
/// <param name="Last">The last place of its range.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record NotedFile(string Path, string Log, DateOnly Day, string First, string Last, long Rows);
