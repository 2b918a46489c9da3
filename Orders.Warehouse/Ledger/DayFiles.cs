namespace Orders.Warehouse.Ledger;

/// <summary>The live files of a log's day.</summary>
/// <param name="Log">The log.</param>
/// <param name="Day">The UTC day.</param>
/// <param name="Files">How many.</param>
/// <param name="Rows">Their rows.</param>
/// <param name="Bytes">Their sizes together.</param>
internal sealed record DayFiles(string Log, DateOnly Day, long Files, long Rows, long Bytes);
