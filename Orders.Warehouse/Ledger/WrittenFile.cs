namespace Orders.Warehouse.Ledger;

/// <summary>A file that is in the lake and may become live.</summary>
/// <param name="Path">Its path in the lake.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ChangedTo">The largest commit time in it, by the source's clock; null when there is
/// none.</param>
internal sealed record WrittenFile(string Path, long Rows, long Bytes, DateTimeOffset? ChangedTo);
