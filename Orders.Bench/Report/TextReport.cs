namespace Orders.Bench.Report;

/// <summary>Tables for a terminal.</summary>
internal static class TextReport
{
    public static string Render(IReadOnlyList<ResultRow> rows) => Render(ResultCells.Heads, rows.Select(ResultCells.Of));

    /// <param name="heads">The column headings.</param>
    /// <param name="rows">Rows with a cell for each heading.</param>
    public static string Render(string[] heads, IEnumerable<string[]> rows)
    {
        var cells = rows.Prepend(heads).ToList();
        var widths = heads.Select((_, column) => cells.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', cells.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }
}
