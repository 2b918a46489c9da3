namespace Orders.Warehouse.Ledger;

/// <summary>A file that is to be noted: its generation, and so its path, is the ledger's to say.</summary>
/// <param name="Log">Its log, such as <c>orders_changes</c>.</param>
/// <param name="Day">The UTC day of all of its changes.</param>
/// <param name="Name">The end of its path, with the extension; unique for its range.</param>
/// <param name="First">The first place of its range.</param>
/// <param name="Last">The last place of its range.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record FileDraft(string Log, DateOnly Day, string Name, string First, string Last, long Rows);
