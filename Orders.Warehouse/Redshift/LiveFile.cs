namespace Orders.Warehouse.Redshift;

/// <summary>A live file of the lake.</summary>
/// <param name="Path">Its path in the lake.</param>
/// <param name="Day">Its UTC day.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Replaces">Whether it replaces the older generations of its day.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record LiveFile(string Path, DateOnly Day, int Generation, bool Replaces, long Rows);
